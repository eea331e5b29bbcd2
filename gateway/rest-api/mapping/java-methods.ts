import {
  equal,
  isNumber,
  JavaDouble,
  JavaEntry,
  type JavaInteger,
  JavaIterator,
  JavaList,
  type JavaMap,
  javaString,
  parseNumber,
  toJson,
  toNumber,
} from "./java-values";

type Args = readonly unknown[];
type Method<T> = (target: T, args: Args) => unknown;

/** The two names that every JavaScript object inherits have to be declared for their arguments to be typed. */
type Table<T> = Record<string, Method<T>> & { toString?: Method<T>; valueOf?: Method<T> };

const methods = <T>(table: Table<T>): ReadonlyMap<string, Method<T>> => new Map(Object.entries(table));

/**
 * Calls a Java method of a value: those of String, numbers, Boolean, List, Map, Map.Entry and Iterator below, no others. An
 * unknown method yields undefined, like a null reference in Velocity.
 */
export function javaMethod(target: unknown, name: string, args: Args): unknown {
  if (typeof target === "string") return STRING.get(name)?.(target, args);
  if (isNumber(target)) return NUMBER.get(name)?.(target, args);
  if (typeof target === "boolean") return BOOLEAN.get(name)?.(target, args);
  if (Array.isArray(target)) return LIST.get(name)?.(target, args);
  if (target instanceof Map) return MAP.get(name)?.(target, args);
  if (target instanceof JavaEntry) return ENTRY.get(name)?.(target, args);
  return target instanceof JavaIterator ? ITERATOR.get(name)?.(target, args) : undefined;
}

/** A Java regular expression as a JavaScript one: translates possessive quantifiers and leading inline flags. */
export function javaRegex(source: string, flags = ""): RegExp {
  let text = source.replace(/([*+?}])\+/g, "$1");
  let all = flags;
  const inline = /^\(\?([ism]+)\)/.exec(text);
  if (inline) {
    text = text.slice(inline[0].length);
    for (const flag of inline[1] as string) if (!all.includes(flag)) all += flag;
  }
  return new RegExp(text, all);
}

/** Java writes groups as `$1`, like JavaScript, and quotes with a backslash. */
const replacement = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => (char === "$" ? "$$" : char));

const s = javaString;
const optionalNumber = (value: unknown, fallback: number): number =>
  value === undefined ? fallback : toNumber(value);

/** The part of a string between two indexes; Java throws for indexes outside of it. */
function substring(text: string, from: number, to: number): string {
  if (!(from >= 0 && from <= to && to <= text.length))
    throw new Error(`StringIndexOutOfBoundsException: begin ${from}, end ${to}, length ${text.length}`);
  return text.slice(from, to);
}

const STRING = methods<string>({
  length: (text) => text.length,
  isEmpty: (text) => text.length === 0,
  isBlank: (text) => text.trim() === "",
  trim: (text) => text.trim(),
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  toString: (text) => text,
  contains: (text, [part]) => text.includes(s(part)),
  startsWith: (text, [part]) => text.startsWith(s(part)),
  endsWith: (text, [part]) => text.endsWith(s(part)),
  indexOf: (text, [part, from]) => text.indexOf(s(part), optionalNumber(from, 0)),
  lastIndexOf: (text, [part]) => text.lastIndexOf(s(part)),
  substring: (text, [from, to]) => substring(text, toNumber(from), optionalNumber(to, text.length)),
  charAt: (text, [at]) => text.charAt(toNumber(at)),
  concat: (text, [part]) => text + s(part),
  replace: (text, [from, to]) => text.replaceAll(s(from), () => s(to)),
  replaceAll: (text, [from, to]) => text.replace(javaRegex(s(from), "g"), replacement(s(to))),
  replaceFirst: (text, [from, to]) => text.replace(javaRegex(s(from)), replacement(s(to))),
  matches: (text, [pattern]) => javaRegex(`^(?:${s(pattern)})$`).test(text),
  split: (text, [pattern, limit]) => JavaList.containing(split(text, s(pattern), optionalNumber(limit, 0))),
  equals: (text, [other]) => other === text,
  equalsIgnoreCase: (text, [other]) => s(other).toLowerCase() === text.toLowerCase(),
  compareTo: (text, [other]) => (text < s(other) ? -1 : text > s(other) ? 1 : 0),
  hashCode: (text) =>
    text.split("").reduce((hash, char) => (Math.imul(31, hash) + char.charCodeAt(0)) | 0, 0),
  valueOf: (_, [value]) => s(value),
  format: (_, [pattern, ...values]) => format(s(pattern), values),
  intern: (text) => text,
});

function split(text: string, pattern: string, limit: number): string[] {
  if (limit > 0) {
    const parts: string[] = [];
    let rest = text;
    while (parts.length < limit - 1) {
      const match = javaRegex(pattern).exec(rest);
      if (!match) break;
      parts.push(rest.slice(0, match.index));
      rest = rest.slice(match.index + match[0].length);
    }
    return [...parts, rest];
  }
  const parts = text.split(javaRegex(pattern));
  while (limit === 0 && parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}

/** `%s`, `%d`, `%05d`, `%.2f`, `%x`, `%n`, `%%`. */
function format(pattern: string, values: Args): string {
  let next = 0;
  return pattern.replace(
    /%(-?0?\d*)(?:\.(\d+))?([sdfxX%n])/g,
    (_, width: string, digits: string | undefined, kind: string) => {
      if (kind === "%") return "%";
      if (kind === "n") return "\n";
      const text = formatOne(kind, values[next++], digits);
      const size = Math.abs(Number(width));
      if (size > 1000) throw new Error(`the width ${size} is too large`);
      if (width.startsWith("-")) return text.padEnd(size);
      return text.padStart(size, width.startsWith("0") ? "0" : " ");
    },
  );
}

function formatOne(kind: string, value: unknown, digits: string | undefined): string {
  if (kind === "f") return toNumber(value).toFixed(digits === undefined ? 6 : Math.min(Number(digits), 100));
  if (kind === "s" || kind === "d") return s(value);
  const hex = (typeof value === "bigint" ? value : Math.trunc(toNumber(value))).toString(16);
  return kind === "X" ? hex.toUpperCase() : hex;
}

const whole = (value: unknown): unknown =>
  value instanceof JavaDouble ? parseNumber(String(Math.trunc(value.value))) : value;
const parsed = (text: unknown): unknown => (/^[+-]?\d+$/.test(s(text)) ? parseNumber(s(text)) : undefined);
const double = (value: unknown): JavaDouble => new JavaDouble(toNumber(value));

const NUMBER = methods<JavaInteger | JavaDouble>({
  toString: (number, [value]) => s(value ?? number),
  equals: (number, [other]) =>
    number instanceof JavaDouble === other instanceof JavaDouble && equal(number, other),
  compareTo: (number, [other]) => Math.sign(toNumber(number) - toNumber(other)),
  intValue: whole,
  longValue: whole,
  doubleValue: double,
  floatValue: double,
  parseInt: (_, [text]) => parsed(text),
  parseLong: (_, [text]) => parsed(text),
  parseDouble: (_, [text]) => double(text),
  parseBoolean: (_, [text]) => s(text).toLowerCase() === "true",
  valueOf: (_, [text]) => parsed(text),
});

const BOOLEAN = methods<boolean>({
  toString: (value) => String(value),
  equals: (value, [other]) => other === value,
  booleanValue: (value) => value,
  parseBoolean: (_, [text]) => s(text).toLowerCase() === "true",
});

const LIST = methods<unknown[]>({
  size: (list) => list.length,
  // The guide's own example calls it this way.
  count: (list) => list.length,
  length: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, [at]) => list[toNumber(at)],
  contains: (list, [value]) => list.some((item) => equal(item, value)),
  indexOf: (list, [value]) => list.findIndex((item) => equal(item, value)),
  add: (list, [first, second]) => {
    if (second === undefined) list.push(first);
    else list.splice(toNumber(first), 0, second);
    return true;
  },
  addAll: (list, [values]) => {
    if (Array.isArray(values)) for (const value of [...values]) list.push(value);
    return true;
  },
  set: (list, [at, value]) => {
    const index = toNumber(at);
    if (!(index >= 0 && index < list.length)) throw new Error(`IndexOutOfBoundsException: index ${index}`);
    const before = list[index];
    list[index] = value;
    return before;
  },
  remove: (list, [value]) => {
    if (typeof value === "number") return list.splice(value, 1)[0];
    const at = list.findIndex((item) => equal(item, value));
    if (at >= 0) list.splice(at, 1);
    return at >= 0;
  },
  clear: (list) => {
    list.length = 0;
  },
  subList: (list, [from, to]) => JavaList.containing([...list].slice(toNumber(from), toNumber(to))),
  toArray: (list) => list,
  iterator: (list) => new JavaIterator([...list]),
  toString: (list) => s(list),
});

const MAP = methods<JavaMap>({
  get: (map, [key]) => map.get(s(key)),
  getOrDefault: (map, [key, other]) => (map.has(s(key)) ? map.get(s(key)) : other),
  put: (map, [key, value]) => {
    const before = map.get(s(key));
    map.set(s(key), value);
    return before;
  },
  putAll: (map, [other]) => {
    if (other instanceof Map) for (const [key, value] of other) map.set(key, value);
  },
  remove: (map, [key]) => {
    const before = map.get(s(key));
    map.delete(s(key));
    return before;
  },
  containsKey: (map, [key]) => map.has(s(key)),
  containsValue: (map, [value]) => [...map.values()].some((item) => equal(item, value)),
  keySet: (map) => JavaList.containing(map.keys()),
  values: (map) => JavaList.containing(map.values()),
  entrySet: (map) => JavaList.containing([...map].map(([key, value]) => new JavaEntry(key, value))),
  size: (map) => map.size,
  isEmpty: (map) => map.size === 0,
  clear: (map) => map.clear(),
  equals: (map, [other]) => other instanceof Map && toJson(other) === toJson(map),
  toString: (map) => s(map),
});

const ENTRY = methods<JavaEntry>({
  getKey: (entry) => entry.key,
  getValue: (entry) => entry.value,
  toString: (entry) => s(entry),
});

const ITERATOR = methods<JavaIterator>({
  hasNext: (iterator) => iterator.hasNext(),
  next: (iterator) => iterator.next(),
});
