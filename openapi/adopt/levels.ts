import { functionName } from "../../lib/arn";
import { isObject, type JsonObject, objectAt, prop, stringAt } from "../../lib/json";
import { INTEGRATION, type Operation } from "../operations";
import { textOf } from "../rest-api/integration";

const AUTHORIZER = "x-amazon-apigateway-authorizer";

/** What the name of a scheme or its function says about the level, the strongest first. */
export const LEVELS: readonly (readonly [string, RegExp])[] = [
  ["data-admin", /data-?_?admin/i],
  ["create", /create/i],
  ["read", /read/i],
];

/**
 * The access level of each Lambda authorizer, as far as names reveal it. A scheme that a plain level cannot replace
 * (scopes, several schemes together, Cognito, a header other than Authorization) has none.
 */
export function levelsOf(definition: JsonObject, operations: readonly Operation[]): Map<string, string> {
  const schemes = objectAt(objectAt(definition, "components"), "securitySchemes") ?? {};
  const involved = schemesInUse(definition, operations);
  const levels = new Map<string, string>();
  for (const [name, scheme] of Object.entries(schemes)) {
    const level = levelOf(name, scheme);
    if (level === undefined || involved.has(name) || [...levels.values()].includes(level)) continue;
    levels.set(name, level);
  }
  return levels;
}

function levelOf(name: string, scheme: unknown): string | undefined {
  const authorizer = prop(scheme, AUTHORIZER);
  if (!isObject(authorizer) || textOf(authorizer.type).toLowerCase() !== "token") return undefined;
  if (stringAt(scheme, "name")?.toLowerCase() !== "authorization") return undefined;
  const levelName = /^([A-Za-z0-9][A-Za-z0-9_-]*)-authorizer$/.exec(name)?.[1];
  const named = (text: string) => LEVELS.find(([, pattern]) => pattern.test(text))?.[0];
  if (levelName !== undefined && levelName === levelName.toLowerCase()) return levelName;
  return named(name) ?? named(functionName(stringAt(authorizer, "authorizerUri") ?? "") ?? "");
}

/** Schemes of requirements that are more than one authorizer without scopes, or of methods kept whole. */
function schemesInUse(definition: JsonObject, operations: readonly Operation[]): Set<string> {
  const involved = new Set<string>();
  for (const { method, value } of operations) {
    const security = securityOf(definition, value);
    const names = security.flatMap((requirement) => Object.keys(requirement));
    const plain = names.length <= 1 && security.every((item) => Object.values(item).every(isEmpty));
    const kept = method === "ANY" || method === "OPTIONS" || !isObject(value[INTEGRATION]);
    if (!plain || kept) for (const name of names) involved.add(name);
  }
  return involved;
}

function isEmpty(scopes: unknown): boolean {
  return !Array.isArray(scopes) || scopes.length === 0;
}

/** The requirements of a method; the root's apply where it has none. */
export function securityOf(definition: JsonObject, method: JsonObject): JsonObject[] {
  const security = Object.hasOwn(method, "security") ? method.security : definition.security;
  return (Array.isArray(security) ? security : [])
    .filter(isObject)
    .filter((item) => Object.keys(item).length > 0);
}
