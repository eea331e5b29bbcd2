import { isObject, type JsonObject, own, ownObject, ownString } from "../../lib/json";
import { INTEGRATION, type Operation } from "../operations";
import { functionName } from "../routes";

const AUTHORIZER = "x-amazon-apigateway-authorizer";

/** What a scheme's or its function's name says about the level, the strongest first. */
export const LEVELS: readonly (readonly [string, RegExp])[] = [
  ["data-admin", /data-?_?admin/i],
  ["create", /create/i],
  ["read", /read/i],
];

/**
 * The access level that each Lambda authorizer stands for, as far as names tell. A scheme that a plain level can't
 * replace (scopes, several schemes together, Cognito, a header other than Authorization) gets none.
 */
export function levelsOf(definition: JsonObject, operations: readonly Operation[]): Map<string, string> {
  const schemes = ownObject(ownObject(definition, "components"), "securitySchemes") ?? {};
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
  const authorizer = own(scheme, AUTHORIZER);
  if (!isObject(authorizer) || String(authorizer.type).toLowerCase() !== "token") return undefined;
  if (ownString(scheme, "name")?.toLowerCase() !== "authorization") return undefined;
  const own_ = /^([A-Za-z0-9][A-Za-z0-9_-]*)-authorizer$/.exec(name)?.[1];
  const named = (text: string) => LEVELS.find(([, pattern]) => pattern.test(text))?.[0];
  if (own_ !== undefined && own_ === own_.toLowerCase()) return own_;
  return named(name) ?? named(functionName(ownString(authorizer, "authorizerUri") ?? "") ?? "");
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

/** The requirements of a method; the root's hold where it has none. */
export function securityOf(definition: JsonObject, method: JsonObject): JsonObject[] {
  const security = Object.hasOwn(method, "security") ? method.security : definition.security;
  return (Array.isArray(security) ? security : [])
    .filter(isObject)
    .filter((item) => Object.keys(item).length > 0);
}
