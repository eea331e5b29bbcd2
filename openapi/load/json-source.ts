import { FindingsError } from "../../lib/finding";
import type { Path } from "../../lib/json";
import { shorten } from "../shorten";
import { Lines, type Position, type Source } from "./source";
import { MAX_DEPTH, tooDeep } from "./yaml-source";

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

/**
 * Reads strict JSON at the speed of JSON.parse. Undefined when the text is not strict JSON (it may still be YAML).
 * Repeated keys, which JSON.parse drops silently, show as a difference between the number of keys in the text and in
 * the value; only then is the text searched for them.
 */
export function readJson(text: string, name: string): Source | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const source = new JsonSource(name, value, text);
  if (countKeys(value, name) !== countKeysInText(text)) source.refuseRepeatedKeys();
  return source;
}

function countKeys(root: unknown, name: string): number {
  let count = 0;
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw tooDeep(name);
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === "object" && item !== null) visit(item, depth + 1);
      return;
    }
    const object = value as Record<string, unknown>;
    for (const key in object) {
      count++;
      const inner = object[key];
      if (typeof inner === "object" && inner !== null) visit(inner, depth + 1);
    }
  };
  if (typeof root === "object" && root !== null) visit(root, 0);
  return count;
}

/** Colons outside strings: one for each key of valid JSON. */
function countKeysInText(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === COLON) count++;
  }
  return count;
}

/** The index of the quote that closes the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  for (;;) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    index += code === BACKSLASH ? 2 : 1;
  }
}

interface Entry {
  /** Offset of the key, or of the item in a list */
  start: number;
  value: number;
}

class JsonSource implements Source {
  readonly #lines: Lines;
  /** Children of the containers that were looked up, by the container's offset */
  readonly #containers = new Map<number, { known: Map<string, Entry>; rest: Generator<[string, Entry]> }>();

  constructor(
    readonly name: string,
    readonly value: unknown,
    private readonly text: string,
  ) {
    this.#lines = new Lines(text);
  }

  position(path: Path): Position {
    let offset = skipSpace(this.text, 0);
    let value = offset;
    for (const key of path) {
      const entry = this.#child(value, String(key));
      if (!entry) break;
      offset = entry.start;
      value = entry.value;
    }
    return this.#lines.at(offset);
  }

  written(): undefined {
    return undefined;
  }

  refuseRepeatedKeys(): never {
    const findings = new RepeatedKeys(this.text).found.map(({ key, first, second }) => {
      const { line, column } = this.#lines.at(second);
      return {
        level: "error" as const,
        rule: "duplicate-key",
        where: `${this.name}:${line}:${column}`,
        message: `The key "${shorten(key)}" is repeated (first in line ${this.#lines.at(first).line}); one of them would be lost. Remove or rename one.`,
      };
    });
    throw new FindingsError(findings);
  }

  #child(offset: number, key: string): Entry | undefined {
    let container = this.#containers.get(offset);
    if (!container) {
      container = { known: new Map(), rest: childrenOf(this.text, offset) };
      this.#containers.set(offset, container);
    }
    const found = container.known.get(key);
    if (found) return found;
    // Not a for-of, which would close the generator: the next lookup continues from here.
    for (let next = container.rest.next(); !next.done; next = container.rest.next()) {
      const [name, entry] = next.value;
      container.known.set(name, entry);
      if (name === key) return entry;
    }
    return undefined;
  }
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (index < text.length && text.charCodeAt(index) <= 32) index++;
  return index;
}

/** The direct children of the object or list that starts at `offset`; what is inside them is skipped. */
function* childrenOf(text: string, offset: number): Generator<[string, Entry]> {
  const opening = text[offset];
  if (opening !== "{" && opening !== "[") return;
  let index = skipSpace(text, offset + 1);
  for (let item = 0; text[index] !== "}" && text[index] !== "]"; item++) {
    const start = index;
    let key = String(item);
    if (opening === "{") {
      const end = endOfString(text, index);
      key = JSON.parse(text.slice(index, end + 1));
      index = skipSpace(text, skipSpace(text, end + 1) + 1);
    }
    yield [key, { start, value: index }];
    index = skipSpace(text, endOfValue(text, index));
    if (text[index] === ",") index = skipSpace(text, index + 1);
  }
}

/** The index after the value that starts at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let index = start;
  for (; index < text.length; index++) {
    const char = text[index];
    if (char === '"') index = endOfString(text, index);
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") {
      if (depth === 0) return index;
      depth--;
    } else if (depth === 0 && char === ",") return index;
    else if (depth > 0 || !/\s/.test(char ?? "")) continue;
    if (depth === 0) return index + 1;
  }
  return index;
}

/** Finds repeated keys in one pass over the text. */
class RepeatedKeys {
  readonly found: { key: string; first: number; second: number }[] = [];

  constructor(text: string) {
    const open: (Map<string, number> | undefined)[] = [];
    for (let index = 0; index < text.length; index++) {
      const char = text[index];
      if (char === "{") open.push(new Map());
      else if (char === "[") open.push(undefined);
      else if (char === "}" || char === "]") open.pop();
      else if (char === '"') {
        const end = endOfString(text, index);
        const keys = open.at(-1);
        if (keys && text[skipSpace(text, end + 1)] === ":") {
          const key: string = JSON.parse(text.slice(index, end + 1));
          const first = keys.get(key);
          if (first === undefined) keys.set(key, index);
          else this.found.push({ key, first, second: index });
        }
        index = end;
      }
    }
  }
}
