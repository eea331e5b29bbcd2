import { isMap, javaString } from "./java";

/** A host object's method, called with evaluated arguments: `$input.json(…)`, `$util.…`. */
export type HostFunction = (...args: unknown[]) => unknown;

/** Values whose properties are host functions: `$input`, `$util`. */
export class HostObject {
  constructor(
    readonly methods: Record<string, HostFunction>,
    readonly properties: Record<string, () => unknown> = {},
  ) {}
}

/** A map that refuses to have the same entry assigned twice in one template. */
export class OnceMap {
  readonly assigned = new Set<string>();
  constructor(
    readonly target: Record<string, unknown>,
    /** Entries that are such maps themselves. */
    readonly maps: Record<string, OnceMap> = {},
  ) {}
}

/** What a reference prints: a map of overrides shows its entries. */
export const shown = (value: unknown): unknown => (value instanceof OnceMap ? value.target : value);

/**
 * Nothing, false, zero and what is empty are false: Velocity 2, whose equality of nothing and the empty text is on
 * record for API Gateway (Velocity 1 compares them unequal). Velocity Engine, "Upgrading from 1.7 to 2": `directive.if.emptycheck`.
 */
export function truthy(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : true;
}

export function operate(operator: string, left: unknown, right: unknown): unknown {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "+":
      if (typeof left === "number" && typeof right === "number") return left + right;
      return typeof left === "string" || typeof right === "string"
        ? javaString(left) + javaString(right)
        : undefined;
    default:
  }
  const a = numeric(left);
  const b = numeric(right);
  if (a === undefined || b === undefined)
    return operator.length <= 2 && /[<>]/.test(operator) ? false : undefined;
  switch (operator) {
    case ">":
      return a > b;
    case "<":
      return a < b;
    case ">=":
      return a >= b;
    case "<=":
      return a <= b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) return undefined;
      return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
    case "%":
      return b === 0 ? undefined : a % b;
    default:
      return undefined;
  }
}

const numeric = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Nothing equals the empty text (recorded: isNull and isEmptyString are both true); values of different kinds by text. */
function equal(left: unknown, right: unknown): boolean {
  const a = left ?? "";
  const b = right ?? "";
  if (typeof a === typeof b && typeof a !== "object") return a === b;
  if (typeof a === "object" && typeof b === "object") return JSON.stringify(a) === JSON.stringify(b);
  if (typeof a === "object" || typeof b === "object") return false;
  return javaString(a) === javaString(b);
}

export function property(target: unknown, key: unknown): unknown {
  if (target === undefined || target === null) return undefined;
  if (target instanceof HostObject) return target.properties[String(key)]?.();
  if (target instanceof OnceMap) return target.maps[javaString(key)] ?? property(target.target, key);
  if (Array.isArray(target)) {
    if (typeof key === "number") return target[key < 0 ? target.length + key : key];
    return key === "empty" ? target.length === 0 : undefined;
  }
  if (isMap(target)) {
    const name = javaString(key);
    const value = Object.hasOwn(target, name) ? target[name] : undefined;
    return value ?? undefined;
  }
  return undefined;
}

export function assign(owner: unknown, key: unknown, value: unknown): void {
  if (owner instanceof OnceMap) {
    const name = javaString(key);
    // "Overrides are final. … Trying to override the same parameter multiple times will result in 5XX responses."
    if (owner.assigned.has(name)) throw new Error(`the override ${name} is applied more than once`);
    owner.assigned.add(name);
    owner.target[name] = value;
  } else if (Array.isArray(owner) && typeof key === "number") owner[key] = value;
  else if (isMap(owner)) owner[javaString(key)] = value;
}
