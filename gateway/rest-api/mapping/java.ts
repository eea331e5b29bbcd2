/**
 * The Java side of mapping templates: VTL on API Gateway calls methods of java.lang.String, List and Map, and prints
 * values the way Java does.
 */

/** A list made in a template; unlike one from JSON it prints as `[a, b]`. */
export class JavaList extends Array<unknown> {
  static containing(values: readonly unknown[]): JavaList {
    const list = new JavaList();
    for (const value of values) list.push(value);
    return list;
  }
}

export type JavaMap = Record<string, unknown>;

export const isMap = (value: unknown): value is JavaMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `toString()`: maps as `{a=1, b=2}`, lists from JSON as JSON, nothing as nothing
 * (recorded: test_input_path_template_formatting).
 */
export function javaString(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof JavaList) return `[${[...value].map(element).join(", ")}]`;
  if (Array.isArray(value)) return JSON.stringify(value);
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${element(item)}`)
      .join(", ")}}`;
  }
  return String(value);
}

const element = (value: unknown): string =>
  value === null || value === undefined ? "null" : javaString(value);

/** A Java regular expression as a JavaScript one; possessive quantifiers and inline flags in front are translated. */
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

/** Java writes groups as `$1` and quotes by backslash. */
const replacement = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => (char === "$" ? "$$" : char));

type Method = (args: unknown[]) => unknown;

/** The method of a value, or undefined: then the call yields nothing, as in Velocity. */
export function javaMethod(target: unknown, name: string): Method | undefined {
  if (typeof target === "string") return stringMethod(target, name);
  if (typeof target === "number" || typeof target === "boolean") return scalarMethod(target, name);
  if (Array.isArray(target)) return listMethod(target, name);
  if (isMap(target)) return mapMethod(target, name);
  return undefined;
}

function stringMethod(text: string, name: string): Method | undefined {
  const s = (value: unknown): string => javaString(value);
  const n = (value: unknown): number => Number(value);
  const methods: Record<string, Method> = {
    length: () => text.length,
    isEmpty: () => text.length === 0,
    isBlank: () => text.trim() === "",
    trim: () => text.trim(),
    toLowerCase: () => text.toLowerCase(),
    toUpperCase: () => text.toUpperCase(),
    toString: () => text,
    contains: ([part]) => text.includes(s(part)),
    startsWith: ([part]) => text.startsWith(s(part)),
    endsWith: ([part]) => text.endsWith(s(part)),
    indexOf: ([part, from]) => text.indexOf(s(part), from === undefined ? 0 : n(from)),
    lastIndexOf: ([part]) => text.lastIndexOf(s(part)),
    substring: ([from, to]) => text.substring(n(from), to === undefined ? text.length : n(to)),
    charAt: ([at]) => text.charAt(n(at)),
    concat: ([part]) => text + s(part),
    replace: ([from, to]) => text.replaceAll(s(from), () => s(to)),
    replaceAll: ([from, to]) => text.replace(javaRegex(s(from), "g"), replacement(s(to))),
    replaceFirst: ([from, to]) => text.replace(javaRegex(s(from)), replacement(s(to))),
    matches: ([pattern]) => javaRegex(`^(?:${s(pattern)})$`).test(text),
    split: ([pattern, limit]) =>
      JavaList.containing(splitJava(text, s(pattern), limit === undefined ? 0 : n(limit))),
    equals: ([other]) => typeof other === "string" && other === text,
    equalsIgnoreCase: ([other]) => s(other).toLowerCase() === text.toLowerCase(),
    compareTo: ([other]) => (text < s(other) ? -1 : text > s(other) ? 1 : 0),
    hashCode: () => [...text].reduce((hash, char) => (Math.imul(31, hash) + char.charCodeAt(0)) | 0, 0),
    valueOf: (args: unknown[]) => s(args[0]),
    format: ([pattern, ...values]) => formatJava(s(pattern), values),
    intern: () => text,
  };
  return own(methods, name);
}

function splitJava(text: string, pattern: string, limit: number): string[] {
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

/** `%s`, `%d`, `%05d`, `%.2f`, `%x`, `%%`. */
function formatJava(pattern: string, values: unknown[]): string {
  let next = 0;
  return pattern.replace(
    /%(-?0?\d*)(?:\.(\d+))?([sdfxX%n])/g,
    (_, width: string, digits: string | undefined, kind: string) => {
      if (kind === "%") return "%";
      if (kind === "n") return "\n";
      const value = values[next++];
      const text =
        kind === "f"
          ? Number(value).toFixed(digits === undefined ? 6 : Number(digits))
          : kind === "x" || kind === "X"
            ? Number(value).toString(16)
            : javaString(value);
      const size = Math.abs(Number(width));
      if (width.startsWith("-")) return text.padEnd(size);
      return text.padStart(size, width.startsWith("0") ? "0" : " ");
    },
  );
}

function scalarMethod(value: number | boolean, name: string): Method | undefined {
  const number = Number(value);
  const methods: Record<string, Method> = {
    toString: (args: unknown[]) => javaString(args[0] ?? value),
    equals: ([other]) => other === value,
    compareTo: ([other]) => Math.sign(number - Number(other)),
    intValue: () => Math.trunc(number),
    longValue: () => Math.trunc(number),
    doubleValue: () => number,
    floatValue: () => number,
    parseInt: ([text]) => integer(text),
    parseLong: ([text]) => integer(text),
    parseDouble: ([text]) => Number(javaString(text)),
    parseBoolean: ([text]) => javaString(text).toLowerCase() === "true",
    valueOf: (args: unknown[]) => integer(args[0]),
    booleanValue: () => Boolean(value),
  };
  return own(methods, name);
}

function integer(text: unknown): number | undefined {
  const trimmed = javaString(text);
  return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

function listMethod(list: unknown[], name: string): Method | undefined {
  const same = (a: unknown) => (b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
  const methods: Record<string, Method> = {
    size: () => list.length,
    // The guide's own example calls it so.
    count: () => list.length,
    length: () => list.length,
    isEmpty: () => list.length === 0,
    get: ([at]) => list[Number(at)],
    contains: ([value]) => list.some(same(value)),
    indexOf: ([value]) => list.findIndex(same(value)),
    add: ([first, second]) => {
      if (second === undefined) list.push(first);
      else list.splice(Number(first), 0, second);
      return true;
    },
    addAll: ([values]) => {
      if (Array.isArray(values)) for (const value of values) list.push(value);
      return true;
    },
    set: ([at, value]) => {
      const before = list[Number(at)];
      list[Number(at)] = value;
      return before;
    },
    remove: ([value]) => {
      if (typeof value === "number") return list.splice(value, 1)[0];
      const at = list.findIndex(same(value));
      if (at >= 0) list.splice(at, 1);
      return at >= 0;
    },
    clear: () => {
      list.length = 0;
    },
    subList: ([from, to]) => JavaList.containing([...list].slice(Number(from), Number(to))),
    toArray: () => list,
    iterator: () => list,
    toString: () => javaString(list),
  };
  return own(methods, name);
}

function mapMethod(map: JavaMap, name: string): Method | undefined {
  const key = (value: unknown): string => javaString(value);
  const get = (value: unknown): unknown => (Object.hasOwn(map, key(value)) ? map[key(value)] : undefined);
  const methods: Record<string, Method> = {
    get: ([name]) => get(name),
    getOrDefault: ([name, other]) => (Object.hasOwn(map, key(name)) ? get(name) : other),
    put: ([name, value]) => {
      const before = get(name);
      map[key(name)] = value;
      return before;
    },
    putAll: ([other]) => {
      if (isMap(other)) Object.assign(map, other);
    },
    remove: ([name]) => {
      const before = get(name);
      delete map[key(name)];
      return before;
    },
    containsKey: ([name]) => Object.hasOwn(map, key(name)),
    containsValue: ([value]) => Object.values(map).includes(value),
    keySet: () => JavaList.containing(Object.keys(map)),
    values: () => JavaList.containing(Object.values(map)),
    entrySet: () =>
      JavaList.containing(Object.entries(map).map(([entryKey, value]) => ({ key: entryKey, value }))),
    getKey: () => map.key,
    getValue: () => map.value,
    size: () => Object.keys(map).length,
    isEmpty: () => Object.keys(map).length === 0,
    clear: () => {
      for (const name of Object.keys(map)) delete map[name];
    },
    equals: ([other]) => JSON.stringify(other) === JSON.stringify(map),
    toString: () => javaString(map),
  };
  return own(methods, name);
}

const own = (methods: Record<string, Method>, name: string): Method | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;
