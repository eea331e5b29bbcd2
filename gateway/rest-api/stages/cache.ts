import { AccessDenied } from "../errors";
import type { Answer, Exchange } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import { namedHeaders } from "../mapping/parameters";
import type { Method } from "../model";
import type { MethodSettings } from "../options";
import type { Stage } from "../pipeline";

/** "The default TTL value for API caching is 300 seconds. The maximum is 3600." */
const DEFAULT_TTL = 300;
const MAXIMUM_TTL = 3600;

/** Whether a method's answers are cached: GET where the stage caches, others where they ask for it themselves. */
export function isCached(
  method: Method,
  settings: MethodSettings & { own: boolean },
  enabled: boolean,
): boolean {
  if (!enabled || settings.cachingEnabled !== true || settings.cacheTtlInSeconds === 0) return false;
  return method.httpMethod === "GET" || settings.own;
}

/**
 * Answers from the cache while they are fresh, else from `next`. The key is the method with its cache key parameters
 * only: without any, all requests of a method share one entry (guide: "Cache settings for REST APIs").
 */
export function cache(method: Method, settings: MethodSettings, next: Stage): Stage {
  const entries = new ExpiringMap<Answer>();
  const ttl = Math.min(settings.cacheTtlInSeconds ?? DEFAULT_TTL, MAXIMUM_TTL) * 1000;
  const parts = method.integration.cacheKeyParameters.map(keyPart);
  return async (exchange) => {
    const key = JSON.stringify([exchange.method, ...parts.map((part) => part(exchange))]);
    const asks = invalidates(exchange);
    const invalidation = asks ? invalidationFor(exchange, settings) : undefined;
    if (invalidation !== "granted") {
      const fresh = entries.get(key);
      if (fresh) exchange.answer = { ...fresh, headers: [...fresh.headers] };
    }
    if (!exchange.answer) {
      await next(exchange);
      const answer = exchange.answer as Answer | undefined;
      if (answer && answer.status >= 200 && answer.status < 300) {
        entries.set(key, { ...answer, headers: [...answer.headers] }, ttl);
      }
    }
    if (invalidation === "ignored with header") {
      exchange.answer?.headers.push(
        "Warning",
        "199 Cache-control headers were ignored because the caller was unauthorized.",
      );
    }
  };
}

/** "A client … can invalidate an existing cache entry … by sending a request with the Cache-Control: max-age=0 header." */
function invalidates(exchange: Exchange): boolean {
  const header = exchange.header("cache-control");
  return header !== undefined && /(?:^|[\s,])max-age\s*=\s*0(?:$|[\s,;])/.test(header);
}

function invalidationFor(
  exchange: Exchange,
  settings: MethodSettings,
): "granted" | "ignored" | "ignored with header" {
  if (settings.requireAuthorizationForCacheControl === false) return "granted";
  // execute-api:InvalidateCache is given to callers with AWS credentials only.
  if (exchange.identity.userArn) return "granted";
  switch (settings.unauthorizedCacheControlHeaderStrategy ?? "SUCCEED_WITH_RESPONSE_HEADER") {
    case "FAIL_WITH_403":
      throw new AccessDenied("User is not authorized to access this resource");
    case "SUCCEED_WITHOUT_RESPONSE_HEADER":
      return "ignored";
    default:
      return "ignored with header";
  }
}

/** `method.request.querystring.x`, or the integration's spelling of it. */
function keyPart(parameter: string): (exchange: Exchange) => unknown {
  const match = /^(?:method|integration)\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/.exec(
    parameter,
  );
  const name = match?.[2] ?? parameter;
  switch (match?.[1]) {
    case "path":
      return (exchange) => exchange.pathParameters[name];
    case "querystring":
      return (exchange) => exchange.query.all(name);
    default:
      return (exchange) => namedHeaders(exchange.headers, name);
  }
}
