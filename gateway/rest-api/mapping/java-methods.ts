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
type Overload<T> = { parameters: string; call: Method<T> };

/** Keys are signatures: S a text, I an integer, * any value, … more of any. */
function methods<T>(table: Record<string, Method<T>>): ReadonlyMap<string, Overload<T>[]> {
  const byName = new Map<string, Overload<T>[]>();
  for (const [signature, call] of Object.entries(table)) {
    const [, name = "", parameters = ""] = /^(\w+)\((.*)\)$/.exec(signature) ?? [];
    byName.set(name, [...(byName.get(name) ?? []), { parameters, call }]);
  }
  return byName;
}

/**
 * Calls a Java method of a value: those of String, numbers, Boolean, List, Map, Map.Entry and Iterator below, no others.
 * Undefined, like a null reference, for a method that does not exist with such arguments.
 * @throws Error for what throws in Java
 */
export function javaMethod(target: unknown, name: string, args: Args): unknown {
  if (typeof target === "string") return invoke(STRING, target, name, args);
  if (isNumber(target)) return invoke(NUMBER, target, name, args);
  if (typeof target === "boolean") return invoke(BOOLEAN, target, name, args);
  if (Array.isArray(target)) return invoke(LIST, target, name, args);
  if (target instanceof Map) return invoke(MAP, target, name, args);
  if (target instanceof JavaEntry) return invoke(ENTRY, target, name, args);
  return target instanceof JavaIterator ? invoke(ITERATOR, target, name, args) : undefined;
}

function invoke<T>(table: ReadonlyMap<string, Overload<T>[]>, target: T, name: string, args: Args): unknown {
  const overload = table.get(name)?.find(({ parameters }) => accepts(parameters, args));
  if (!overload) return undefined;
  if (args.some((arg, index) => overload.parameters[index] === "S" && (arg ?? undefined) === undefined))
    throw new Error(`NullPointerException in ${name}`);
  return overload.call(target, args);
}

function accepts(parameters: string, args: Args): boolean {
  const isVariadic = parameters.endsWith("…");
  const count = isVariadic ? parameters.length - 1 : parameters.length;
  if (isVariadic ? args.length < count : args.length !== count) return false;
  return [...parameters.slice(0, count)].every((type, index) => {
    const arg = args[index] ?? undefined;
    if (type === "I") return typeof arg === "number" || typeof arg === "bigint";
    return type === "*" || arg === undefined || typeof arg === "string";
  });
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
/** The part of a string between two indexes; Java throws for indexes outside of it. */
function substring(text: string, from: number, to: number): string {
  if (!(from >= 0 && from <= to && to <= text.length))
    throw new Error(`StringIndexOutOfBoundsException: begin ${from}, end ${to}, length ${text.length}`);
  return text.slice(from, to);
}

const STRING = methods<string>({
  "length()": (text) => text.length,
  "isEmpty()": (text) => text.length === 0,
  "isBlank()": (text) => text.trim() === "",
  "trim()": (text) => text.trim(),
  "toLowerCase()": (text) => text.toLowerCase(),
  "toUpperCase()": (text) => text.toUpperCase(),
  "toString()": (text) => text,
  "intern()": (text) => text,
  "contains(S)": (text, [part]) => text.includes(s(part)),
  "startsWith(S)": (text, [part]) => text.startsWith(s(part)),
  "startsWith(SI)": (text, [part, from]) => text.startsWith(s(part), toNumber(from)),
  "endsWith(S)": (text, [part]) => text.endsWith(s(part)),
  "indexOf(S)": (text, [part]) => text.indexOf(s(part)),
  "indexOf(SI)": (text, [part, from]) => text.indexOf(s(part), toNumber(from)),
  "lastIndexOf(S)": (text, [part]) => text.lastIndexOf(s(part)),
  "substring(I)": (text, [from]) => substring(text, toNumber(from), text.length),
  "substring(II)": (text, [from, to]) => substring(text, toNumber(from), toNumber(to)),
  "charAt(I)": (text, [at]) => substring(text, toNumber(at), toNumber(at) + 1),
  "concat(S)": (text, [part]) => text + s(part),
  "replace(SS)": (text, [from, to]) => text.replaceAll(s(from), () => s(to)),
  "replaceAll(SS)": (text, [from, to]) => text.replace(javaRegex(s(from), "g"), replacement(s(to))),
  "replaceFirst(SS)": (text, [from, to]) => text.replace(javaRegex(s(from)), replacement(s(to))),
  "matches(S)": (text, [pattern]) => javaRegex(`^(?:${s(pattern)})$`).test(text),
  "split(S)": (text, [pattern]) => JavaList.containing(split(text, s(pattern), 0)),
  "split(SI)": (text, [pattern, limit]) => JavaList.containing(split(text, s(pattern), toNumber(limit))),
  "equals(*)": (text, [other]) => other === text,
  "equalsIgnoreCase(*)": (text, [other]) =>
    typeof other === "string" && other.toLowerCase() === text.toLowerCase(),
  "compareTo(S)": (text, [other]) => compareTexts(text, s(other)),
  "hashCode()": (text) =>
    text.split("").reduce((hash, char) => (Math.imul(31, hash) + char.charCodeAt(0)) | 0, 0),
  "valueOf(*)": (_, [value]) => s(value),
  "format(S…)": (_, [pattern, ...values]) => format(s(pattern), values),
});

/** The difference of the first characters that differ, or else of the lengths. */
function compareTexts(text: string, other: string): number {
  const at = text.split("").findIndex((char, index) => char !== other[index]);
  if (at < 0 || at >= other.length) return text.length - other.length;
  return text.charCodeAt(at) - other.charCodeAt(at);
}

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

function parsed(text: unknown): unknown {
  if (!/^[+-]?\d+$/.test(s(text))) throw new Error(`NumberFormatException: For input string: "${s(text)}"`);
  return parseNumber(s(text));
}
const double = (value: unknown): JavaDouble => new JavaDouble(toNumber(value));

const NUMBER = methods<JavaInteger | JavaDouble>({
  "toString()": (number) => s(number),
  "toString(*)": (_, [value]) => s(value),
  "equals(*)": (number, [other]) =>
    number instanceof JavaDouble === other instanceof JavaDouble && equal(number, other),
  "compareTo(*)": (number, [other]) => Math.sign(toNumber(number) - toNumber(other)),
  "intValue()": whole,
  "longValue()": whole,
  "doubleValue()": double,
  "floatValue()": double,
  "parseInt(S)": (_, [text]) => parsed(text),
  "parseLong(S)": (_, [text]) => parsed(text),
  "parseDouble(S)": (_, [text]) => double(text),
  "valueOf(S)": (_, [text]) => parsed(text),
  "valueOf(I)": (_, [number]) => number,
});

const BOOLEAN = methods<boolean>({
  "toString()": (value) => String(value),
  "equals(*)": (value, [other]) => other === value,
  "booleanValue()": (value) => value,
  "parseBoolean(S)": (_, [text]) => s(text).toLowerCase() === "true",
});

const LIST = methods<unknown[]>({
  "size()": (list) => list.length,
  // The guide's own example calls it this way.
  "count()": (list) => list.length,
  "length()": (list) => list.length,
  "isEmpty()": (list) => list.length === 0,
  "get(I)": (list, [at]) => list[indexIn(list, toNumber(at))],
  "contains(*)": (list, [value]) => list.some((item) => equal(item, value)),
  "indexOf(*)": (list, [value]) => list.findIndex((item) => equal(item, value)),
  "add(*)": (list, [value]) => {
    list.push(value);
    return true;
  },
  "add(I*)": (list, [at, value]) => {
    list.splice(toNumber(at), 0, value);
  },
  "addAll(*)": (list, [values]) => {
    if (Array.isArray(values)) for (const value of [...values]) list.push(value);
    return true;
  },
  "set(I*)": (list, [at, value]) => list.splice(indexIn(list, toNumber(at)), 1, value)[0],
  "remove(I)": (list, [at]) => list.splice(indexIn(list, toNumber(at)), 1)[0],
  "remove(*)": (list, [value]) => {
    const at = list.findIndex((item) => equal(item, value));
    if (at >= 0) list.splice(at, 1);
    return at >= 0;
  },
  "clear()": (list) => {
    list.length = 0;
  },
  "subList(II)": (list, [from, to]) => JavaList.containing([...list].slice(toNumber(from), toNumber(to))),
  "toArray()": (list) => list,
  "iterator()": (list) => new JavaIterator([...list]),
  "toString()": (list) => s(list),
});

/** @throws Error for an index out of bounds */
export function indexIn(list: readonly unknown[], index: number): number {
  if (index >= 0 && index < list.length) return index;
  throw new Error(`IndexOutOfBoundsException: index ${index}, size ${list.length}`);
}

const MAP = methods<JavaMap>({
  "get(*)": (map, [key]) => map.get(s(key)),
  "getOrDefault(**)": (map, [key, other]) => (map.has(s(key)) ? map.get(s(key)) : other),
  "put(**)": (map, [key, value]) => {
    const before = map.get(s(key));
    map.set(s(key), value);
    return before;
  },
  "putAll(*)": (map, [other]) => {
    if (other instanceof Map) for (const [key, value] of other) map.set(key, value);
  },
  "remove(*)": (map, [key]) => {
    const before = map.get(s(key));
    map.delete(s(key));
    return before;
  },
  "containsKey(*)": (map, [key]) => map.has(s(key)),
  "containsValue(*)": (map, [value]) => [...map.values()].some((item) => equal(item, value)),
  "keySet()": (map) => JavaList.containing(map.keys()),
  "values()": (map) => JavaList.containing(map.values()),
  "entrySet()": (map) => JavaList.containing([...map].map(([key, value]) => new JavaEntry(key, value))),
  "size()": (map) => map.size,
  "isEmpty()": (map) => map.size === 0,
  "clear()": (map) => map.clear(),
  "equals(*)": (map, [other]) => other instanceof Map && toJson(other) === toJson(map),
  "toString()": (map) => s(map),
});

const ENTRY = methods<JavaEntry>({
  "getKey()": (entry) => entry.key,
  "getValue()": (entry) => entry.value,
  "toString()": (entry) => s(entry),
});

const ITERATOR = methods<JavaIterator>({
  "hasNext()": (iterator) => iterator.hasNext(),
  "next()": (iterator) => iterator.next(),
});
