import { GatewayError } from "../errors";
import type { Handler } from "../handler";
import type { ApiKey } from "../options";
import type { Runtime } from "../runtime";
import { Quota, TokenBucket } from "../token-bucket";

interface KnownKey {
  value: string;
  id: string;
  throttle?: TokenBucket;
  quota?: Quota;
}

/**
 * The key in the `x-api-key` header, or the one an authorizer returned, has to be in a usage plan of the stage; the
 * request counts against its throttle and quota (recorded: test_api_key_required_for_methods; guide: "Choose an API key
 * source").
 */
export function usagePlan({ api, options }: Runtime): Handler {
  const keys = knownKeys(options.apiKeys ?? []);
  return (exchange) => {
    const value =
      api.apiKeySource === "AUTHORIZER" ? exchange.usageIdentifierKey : exchange.header("x-api-key");
    const key = value ? keys.get(value) : undefined;
    if (!key)
      throw new GatewayError("INVALID_API_KEY", value ? "the API key is unknown" : "the API key is missing");
    exchange.identity.apiKey = key.value;
    exchange.identity.apiKeyId = key.id;
    if (key.throttle && !key.throttle.take())
      throw new GatewayError("THROTTLED", `usage plan of key ${key.id}`);
    if (key.quota && !key.quota.take())
      throw new GatewayError("QUOTA_EXCEEDED", `usage plan of key ${key.id}`);
  };
}

/** The keys of a stage's usage plans, by value; disabled keys are not included. */
function knownKeys(keys: readonly (string | ApiKey)[]): Map<string, KnownKey> {
  const known = new Map<string, KnownKey>();
  keys.forEach((given, index) => {
    const key = typeof given === "string" ? { value: given } : given;
    if (key.enabled === false) return;
    known.set(key.value, {
      value: key.value,
      id: key.id ?? `key${String(index + 1).padStart(7, "0")}`,
      throttle: key.throttle && new TokenBucket(key.throttle.rateLimit, key.throttle.burstLimit),
      quota: key.quota && new Quota(key.quota.limit, key.quota.period),
    });
  });
  return known;
}
