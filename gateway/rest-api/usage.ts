import type { Method } from "./model";
import type { ApiKey, MethodSettings } from "./options";
import type { Runtime } from "./runtime";
import { Quota, TokenBucket } from "./token-bucket";

export interface KnownKey {
  value: string;
  id: string;
  throttle?: TokenBucket;
  quota?: Quota;
}

/** The keys of a stage's usage plans, by value; a disabled key is not among them. */
export function knownKeys(keys: readonly (string | ApiKey)[]): Map<string, KnownKey> {
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

/** A stage's settings for a method: those of every method below its own. Own settings are marked for caching. */
export function settingsFor(runtime: Runtime, method: Method): MethodSettings & { own: boolean } {
  const all = runtime.options.stageSettings?.methodSettings ?? {};
  let own: MethodSettings | undefined;
  for (const [key, settings] of Object.entries(all)) {
    if (normalize(key) === `${method.path.replace(/^\//, "")}/${method.httpMethod}`) own = settings;
  }
  return { ...all["*/*"], ...own, own: own !== undefined };
}

/** Keys come as `/pets/GET`, `pets/GET` or `~1pets/GET`. */
const normalize = (key: string): string => key.replaceAll("~1", "/").replace(/^\/+/, "");
