import { equal, isObject, type JsonObject, put } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { textOf } from "../rest-api/integration";

/**
 * An integration without the defaults that API Gateway's export adds: the default response, passthrough, timeout and
 * transfer mode.
 */
export function normalIntegration(integration: JsonObject): JsonObject {
  const normal: JsonObject = {};
  for (const [key, value] of Object.entries(integration)) {
    if (!isDefault(key, value)) put(normal, key, normalValue(key, value));
  }
  return normal;
}

/** Constants are imported in any case. */
function normalValue(key: string, value: unknown): unknown {
  switch (key) {
    case "type":
    case "passthroughBehavior":
      return textOf(value).toLowerCase();
    case "connectionType":
    case "contentHandling":
    case "httpMethod":
      return textOf(value).toUpperCase();
    default:
      return value;
  }
}

function isDefault(key: string, value: unknown): boolean {
  switch (key) {
    case "responses":
      return equal(value, { default: { statusCode: "200" } }) || equal(value, {});
    case "passthroughBehavior":
      return textOf(value).toLowerCase() === "when_no_match";
    case "responseTransferMode":
      return value === "BUFFERED";
    case "timeoutInMillis":
      return value === restApi.integrationTimeoutMs.max;
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

/** What has to be changed in `made` to get `wanted`; undefined when they are the same. */
export function overlay(made: JsonObject, wanted: JsonObject): JsonObject | undefined {
  const from = normalIntegration(made);
  const to = normalIntegration(wanted);
  if (equal(from, to)) return undefined;
  if (from.type !== to.type) return wanted;
  const changes: JsonObject = {};
  for (const key of Object.keys(to)) if (!equal(from[key], to[key])) put(changes, key, wanted[key]);
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) put(changes, key, null);
  return changes;
}
