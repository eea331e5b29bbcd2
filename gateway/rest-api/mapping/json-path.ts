import { JSONPath } from "jsonpath-plus";

/** A path that can only hit one value: names and positions in a row. */
const DEFINITE = /^\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*$/;

/**
 * JSONPath as the Java library behind API Gateway evaluates it: a definite path yields the value, any other a list.
 * Undefined when nothing is there.
 */
export function evaluateJsonPath(json: unknown, path: string): unknown {
  const trimmed = path.trim();
  const rooted = trimmed.startsWith("$") ? trimmed : `$.${trimmed}`;
  if (DEFINITE.test(rooted)) return follow(json, rooted);
  if (json === undefined || json === null || typeof json !== "object") return undefined;
  try {
    return JSONPath({ path: rooted, json, wrap: true, eval: "safe" });
  } catch {
    return undefined;
  }
}

function follow(json: unknown, path: string): unknown {
  let value = json;
  for (const step of path.slice(1).match(/\.[\w-]+|\[[^\]]*\]/g) ?? []) {
    if (typeof value !== "object" || value === null) return undefined;
    const key = step.startsWith(".") ? step.slice(1) : step.slice(1, -1).replace(/^['"]|['"]$/g, "");
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
