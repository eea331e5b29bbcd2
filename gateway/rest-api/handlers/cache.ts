import { GatewayError } from "../errors";
import type { Exchange, MethodResponse } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import type { Handler } from "../handler";
import { namedHeaders } from "../mapping/parameters";
import type { EffectiveSettings } from "../method-settings";
import type { Method } from "../model";
import type { MethodSettings } from "../options";
import type { Runtime } from "../runtime";

/** "The default TTL value for API caching is 300 seconds. The maximum is 3600." */
const DEFAULT_TTL = 300;
const MAXIMUM_TTL = 3600;

/**
 * Responds from the cache while an entry is fresh, else from the integration. The key consists of the method and its cache
 * key parameters only: without any, all requests of a method share one entry (guide: "Cache settings for REST APIs").
 * GET methods are cached where the stage caches, other methods only if their own settings say so.
 */
export function cache(
  { options }: Runtime,
  method: Method,
  settings: EffectiveSettings,
  integrate: (isBuffered: boolean) => Handler,
): Handler {
  const isCached =
    options.stageSettings?.cacheClusterEnabled === true &&
    settings.cachingEnabled === true &&
    settings.cacheTtlInSeconds !== 0 &&
    (method.httpMethod === "GET" || settings.isOverride);
  const next = integrate(isCached);
  return isCached ? cached(method, settings, next) : next;
}

function cached(method: Method, settings: MethodSettings, next: Handler): Handler {
  const entries = new ExpiringMap<MethodResponse>();
  const ttl = Math.min(settings.cacheTtlInSeconds ?? DEFAULT_TTL, MAXIMUM_TTL) * 1000;
  const parts = method.integration.cacheKeyParameters.map(keyPart);
  return async (exchange) => {
    const key = JSON.stringify([exchange.method, ...parts.map((part) => part(exchange))]);
    const invalidation = invalidates(exchange) ? invalidationFor(exchange, settings) : undefined;
    if (invalidation !== "granted") {
      const fresh = entries.get(key);
      if (fresh) exchange.methodResponse = { ...fresh, headers: [...fresh.headers] };
    }
    if (!exchange.methodResponse) {
      await next(exchange);
      const response = exchange.methodResponse as MethodResponse | undefined;
      if (response && response.status >= 200 && response.status < 300) {
        entries.set(key, { ...response, headers: [...response.headers] }, ttl);
      }
    }
    if (invalidation === "ignored with header") {
      exchange.methodResponse?.headers.push(
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
  // Only callers with AWS credentials can have execute-api:InvalidateCache.
  if (exchange.identity.userArn) return "granted";
  switch (settings.unauthorizedCacheControlHeaderStrategy ?? "SUCCEED_WITH_RESPONSE_HEADER") {
    case "FAIL_WITH_403":
      throw new GatewayError("ACCESS_DENIED");
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
      return (exchange) => exchange.pathParameter(name);
    case "querystring":
      return (exchange) => exchange.query.all(name);
    default:
      return (exchange) => namedHeaders(exchange.headers, name);
  }
}
