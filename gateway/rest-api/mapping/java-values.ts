/**
 * Java values in mapping templates and JSONPath. Strings and booleans are JavaScript's. An Integer, Long or BigInteger is a
 * number where that is exact and a bigint beyond, a Double is a JavaDouble, a map a Map, a list an array. No value is a
 * plain object, so that no name in a template can reach a prototype.
 */
export type JavaMap = Map<string, unknown>;

export class JavaDouble {
  constructor(
    readonly value: number,
    /** As written, for a BigDecimal: more digits than a Double holds. */
    readonly text = doubleText(value),
  ) {
    Object.freeze(this);
  }
}

/** A list made in a template; unlike one from JSON it prints as `[a, b]`. */
export class JavaList extends Array<unknown> {
  static containing(values: Iterable<unknown>): JavaList {
    const list = new JavaList();
    for (const value of values) list.push(value);
    return list;
  }
}

export class JavaEntry {
  constructor(
    readonly key: string,
    readonly value: unknown,
  ) {}
}

export class JavaIterator {
  private at = 0;
  constructor(private readonly items: readonly unknown[]) {}
  hasNext(): boolean {
    return this.at < this.items.length;
  }
  next(): unknown {
    if (!this.hasNext()) throw new Error("NoSuchElementException");
    return this.items[this.at++];
  }
}

export type JavaInteger = number | bigint;

/** A number where that is exact. */
export const integer = (value: bigint): JavaInteger =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** A number literal of VTL or JSON: without fraction and exponent an integer, else a Double, or a BigDecimal if it is long. */
export function parseNumber(text: string): JavaInteger | JavaDouble {
  if (/^[+-]?\d+$/.test(text)) return integer(BigInt(text));
  // json-smart, the default of Jayway JsonPath, reads decimals of more than 18 characters as BigDecimal.
  return text.length > 18 ? new JavaDouble(Number(text), text) : new JavaDouble(Number(text));
}

export const isNumber = (value: unknown): value is JavaInteger | JavaDouble =>
  typeof value === "number" || typeof value === "bigint" || value instanceof JavaDouble;

export const toNumber = (value: unknown): number =>
  value instanceof JavaDouble ? value.value : Number(typeof value === "bigint" ? value : javaString(value));

/** `Double.toString`: at least one digit after the point, scientific below 10^-3 and from 10^7. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const withFraction = (text: string): string => (text.includes(".") ? text : `${text}.0`);
  if (size >= 1e-3 && size < 1e7) return withFraction(String(value));
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${withFraction(mantissa)}E${Number(exponent)}`;
}

/**
 * `toString()`: maps as `{a=1, b=2}`, lists from JSON as JSON, null as empty text
 * (recorded: test_input_path_template_formatting).
 */
export function javaString(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof JavaList) return `[${[...value].map(element).join(", ")}]`;
  if (Array.isArray(value)) return toJson(value);
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${key}=${element(item)}`).join(", ")}}`;
  if (value instanceof JavaEntry) return `${value.key}=${element(value.value)}`;
  if (value instanceof JavaDouble) return value.text;
  return typeof value === "object" || typeof value === "function" ? "" : String(value);
}

const element = (value: unknown): string =>
  value === null || value === undefined ? "null" : javaString(value);

export function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${[...value].map(toJson).join(",")}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${toJson(item)}`).join(",")}}`;
  if (value instanceof JavaDouble) return Number.isFinite(value.value) ? value.text : "null";
  if (typeof value === "bigint") return String(value);
  return typeof value === "object" ? "null" : (JSON.stringify(value) ?? "null");
}

/** A JavaScript value, such as `$context`, as Java values. */
export function javaValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(javaValue);
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : new JavaDouble(value);
  if (
    typeof value !== "object" ||
    value === null ||
    ![Object.prototype, null].includes(Object.getPrototypeOf(value))
  )
    return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, javaValue(item)]));
}

/**
 * Null, false, zero and empty values are false: Velocity 2, whose equality of null and the empty text is recorded for API
 * Gateway (Velocity 1 compares them unequal). Velocity Engine, "Upgrading from 1.7 to 2": `directive.if.emptycheck`.
 */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return value instanceof JavaDouble ? value.value !== 0 : Boolean(value);
}

/** Null equals the empty text (recorded: isNull and isEmptyString are both true); different types compare by text. */
export function equal(left: unknown, right: unknown): boolean {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  const a = left ?? "";
  const b = right ?? "";
  if (typeof a === typeof b && typeof a !== "object") return a === b;
  if (typeof a === "object" && typeof b === "object") return toJson(a) === toJson(b);
  if (typeof a === "object" || typeof b === "object") return false;
  return javaString(a) === javaString(b);
}

export function compareNumbers(left: JavaInteger | JavaDouble, right: JavaInteger | JavaDouble): number {
  const a = left instanceof JavaDouble ? left.value : left;
  const b = right instanceof JavaDouble ? right.value : right;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Undefined for operands that are not numbers, and for a division by zero: Velocity logs both and renders nothing. */
export function arithmetic(operator: string, left: unknown, right: unknown): unknown {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  if ((operator === "/" || operator === "%") && toNumber(right) === 0) return undefined;
  if (left instanceof JavaDouble || right instanceof JavaDouble)
    return new JavaDouble(calculate(operator, toNumber(left), toNumber(right)));
  return integer(calculate(operator, BigInt(left), BigInt(right)));
}

function calculate<T extends number | bigint>(operator: string, a: T, b: T): T {
  const [x, y] = [a as number, b as number];
  switch (operator) {
    case "+":
      return (x + y) as T;
    case "-":
      return (x - y) as T;
    case "*":
      return (x * y) as T;
    case "/":
      return (x / y) as T;
    default:
      return (x % y) as T;
  }
}
