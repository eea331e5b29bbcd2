import { InvalidApiKey, QuotaExceeded, Throttled } from "../errors";
import type { Stage } from "../pipeline";
import type { Runtime } from "../runtime";
import type { KnownKey } from "../usage";

/**
 * The key of the `x-api-key` header, or the one an authorizer returned, has to be in a usage plan of the stage, whose
 * throttle and quota it then uses up (recorded: test_api_key_required_for_methods; guide: "Choose an API key source").
 */
export function apiKey(runtime: Runtime, keys: ReadonlyMap<string, KnownKey>): Stage {
  const fromAuthorizer = runtime.api.apiKeySource === "AUTHORIZER";
  return (exchange) => {
    const value = fromAuthorizer ? exchange.usageIdentifierKey : exchange.header("x-api-key");
    const key = value ? keys.get(value) : undefined;
    if (!key) throw new InvalidApiKey(value ? "the API key is not known" : "the API key is missing");
    exchange.identity.apiKey = key.value;
    exchange.identity.apiKeyId = key.id;
    if (key.throttle && !key.throttle.take()) throw new Throttled(`usage plan of key ${key.id}`);
    if (key.quota && !key.quota.take()) throw new QuotaExceeded(`usage plan of key ${key.id}`);
  };
}
