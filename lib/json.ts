/** Plain JSON values as they come out of a parser, and the few safe ways to handle them. */

export type JsonObject = { [key: string]: unknown };
export type Key = string | number;
/** Location of a value in a document: the keys from the root down. */
export type Path = readonly Key[];

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` itself, or an empty object. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** `value` itself, or an empty list. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One value or many, as a list; empty for undefined and null. */
export function toList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The strings among one value or many. */
export function strings(value: unknown): string[] {
  return toList(value).filter((item) => typeof item === "string");
}

/** An object's own property, never one of the prototype; undefined when `value` is not an object. */
export function prop(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function objectAt(value: unknown, key: string): JsonObject | undefined {
  const found = prop(value, key);
  return isObject(found) ? found : undefined;
}

/** The list at `key`, or an empty one. */
export function arrayAt(value: unknown, key: string): unknown[] {
  return asArray(prop(value, key));
}

export function stringAt(value: unknown, key: string): string | undefined {
  const found = prop(value, key);
  return typeof found === "string" ? found : undefined;
}

/** Sets an own property; the key `__proto__` becomes an ordinary property instead of the prototype. */
export function put(target: JsonObject, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The value at a path, or undefined. */
export function at(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = prop(value, String(key));
  }
  return value;
}

/** `#/components/schemas/A~1B` → ["components", "schemas", "A/B"]; undefined when it is not a pointer. */
export function parsePointer(pointer: string): string[] | undefined {
  const fragment = pointer.startsWith("#") ? pointer.slice(1) : pointer;
  if (fragment === "") return [];
  if (!fragment.startsWith("/")) return undefined;
  return fragment.slice(1).split("/").map(unescapeToken);
}

export function toPointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function unescapeToken(token: string): string {
  let text = token;
  if (text.includes("%")) {
    try {
      text = decodeURIComponent(text);
    } catch {
      // A lone percent sign is part of the name.
    }
  }
  return text.includes("~") ? text.replaceAll("~1", "/").replaceAll("~0", "~") : text;
}

/** JSON text with sorted object keys: equal values give equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

export function equal(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}
