import { equal, isObject, type JsonObject } from "../../lib/json";

/**
 * An integration without what API Gateway's export adds by itself: the default response, the default passthrough and
 * timeout, the transfer mode.
 */
export function normalIntegration(integration: JsonObject): JsonObject {
  const normal: JsonObject = {};
  for (const [key, value] of Object.entries(integration)) {
    if (isExportsOwn(key, value)) continue;
    normal[key] =
      key === "type" || key === "passthroughBehavior" ? String(value).toLowerCase() : upper(key, value);
  }
  return normal;
}

function upper(key: string, value: unknown): unknown {
  const constant = key === "connectionType" || key === "contentHandling" || key === "httpMethod";
  return constant ? String(value).toUpperCase() : value;
}

function isExportsOwn(key: string, value: unknown): boolean {
  switch (key) {
    case "responses":
      return equal(value, { default: { statusCode: "200" } }) || equal(value, {});
    case "passthroughBehavior":
      return String(value).toLowerCase() === "when_no_match";
    case "responseTransferMode":
      return value === "BUFFERED";
    case "timeoutInMillis":
      return value === 29_000;
    case "connectionType":
      return value === "INTERNET";
    case "cacheKeyParameters":
      return equal(value, []);
    case "requestParameters":
      return isObject(value) && Object.keys(value).length === 0;
    default:
      return false;
  }
}

/** What has to be laid over `made` to get `wanted`; undefined when they are the same. */
export function overlay(made: JsonObject, wanted: JsonObject): JsonObject | undefined {
  const from = normalIntegration(made);
  const to = normalIntegration(wanted);
  if (equal(from, to)) return undefined;
  if (from.type !== to.type) return wanted;
  const laid: JsonObject = {};
  for (const key of Object.keys(to)) if (!equal(from[key], to[key])) laid[key] = wanted[key];
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) laid[key] = null;
  return laid;
}
