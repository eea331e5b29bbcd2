import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";
import { type Finding, FindingsError } from "../../lib/finding";
import { type JsonObject, type Path, put } from "../../lib/json";
import { shorten } from "../shorten";
import { indentFlow, type Reindented } from "./flow-indent";
import { Lines, type Position, type Source } from "./source";

/**
 * How much aliases can expand a document: a file of n nodes to at most 10 n + 100,000. Ordinary specs reuse a block a
 * few dozen times; a "billion laughs" file exceeds this within its first levels.
 */
const EXPANSION = { factor: 10, floor: 100_000 };

/** Reads YAML 1.2 (and JSON that is not strict); throws FindingsError with every syntax error. */
export function readYaml(text: string, name: string): Source {
  const { documents, lines } = parse(text, name);
  const [document] = documents;
  if (!document) throw problem(name, { line: 1, column: 1 }, "empty-document", "The file is empty.");
  if (documents.length > 1) {
    const second = documents[1]?.range[0] ?? 0;
    throw problem(
      name,
      lines.at(second),
      "several-documents",
      "The file has several YAML documents (`---`). Keep one document per file.",
    );
  }
  const conversion = new Conversion(document, name, lines);
  return new YamlSource(name, conversion.run(), document, conversion.aliases, lines);
}

function parse(original: string, name: string): { documents: Document.Parsed[]; lines: Lines } {
  let source: Reindented = { text: original, added: new Map() };
  const tried = new Set<number>();
  for (;;) {
    const documents = parseText(source.text, name);
    const lines = new Lines(source.text, source.added);
    const errors = documents.flatMap((document) => document.errors);
    if (errors.length === 0) return { documents, lines };
    const start = documents.map(startOfUnindentedFlow).find((offset) => offset !== undefined);
    const line = start === undefined ? undefined : lines.at(start).line;
    const isNew = line !== undefined && !tried.has(line);
    const indented = start === undefined || !isNew ? undefined : indentFlow(source, start);
    if (line !== undefined) tried.add(line);
    if (!indented) throw new FindingsError(syntaxFindings(errors, name, lines));
    source = indented;
  }
}

function parseText(text: string, name: string): Document.Parsed[] {
  try {
    // Conversion checks for repeated keys: the parser's check compares every pair of keys.
    const parsed = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(name);
    throw error;
  }
}

/** The start of the first flow collection that the parser gave up because a line is not indented enough. */
function startOfUnindentedFlow(document: Document.Parsed): number | undefined {
  const error = document.errors[0];
  if (error?.code !== "BAD_INDENT") return undefined;
  let start: number | undefined;
  visit(document, {
    Collection: (_, node) => {
      const [from, , to] = node.range ?? [0, 0, 0];
      if (node.flow && start === undefined && from <= error.pos[0] && error.pos[0] <= to) start = from;
    },
  });
  return start;
}

/** One finding per line: what follows from an error on the same line says nothing new. */
function syntaxFindings(errors: readonly YAMLParseError[], name: string, lines: Lines): Finding[] {
  const findings = new Map<number, Finding>();
  for (const { pos, message } of errors) {
    const { line, column } = lines.at(pos[0]);
    if (findings.has(line)) continue;
    const where = `${name}:${line}:${column}`;
    findings.set(line, {
      level: "error",
      rule: "invalid-syntax",
      where,
      message: `Not valid YAML: ${message}`,
    });
  }
  return [...findings.values()].slice(0, 20);
}

/** No API description nests this deeply; the limit keeps every later walk within the stack. */
export const MAX_DEPTH = 400;

function problem(name: string, { line, column }: Position, rule: string, message: string): FindingsError {
  return new FindingsError([{ level: "error", rule, where: `${name}:${line}:${column}`, message }]);
}

export function tooDeep(name: string): FindingsError {
  return problem(
    name,
    { line: 1, column: 1 },
    "too-deep",
    "The document is nested more than 400 levels deep.",
  );
}

interface Anchor {
  node: Node;
  value: unknown;
  size: number;
}

/** Turns YAML nodes into plain values, resolving aliases and merge keys and refusing repeated keys. */
class Conversion {
  /** The target of each alias, for positions below it */
  readonly aliases = new Map<Node, Node>();
  readonly #anchors = new Map<string, Anchor | "open">();
  readonly #findings: Finding[] = [];
  #nodes = 0;
  #expanded = 0;
  #depth = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly name: string,
    private readonly lines: Lines,
  ) {}

  run(): unknown {
    let value: unknown;
    try {
      value = this.#value(this.document.contents as Node | null);
    } catch (error) {
      if (error instanceof RangeError) throw tooDeep(this.name);
      throw error;
    }
    if (this.#findings.length > 0) throw new FindingsError(this.#findings);
    return value;
  }

  #value(node: Node | null): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node, node.source);
    this.#nodes++;
    const before = this.#expanded++;
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.name);
    const value = isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node.items) : this.#scalar(node);
    this.#depth--;
    if (anchor !== undefined) this.#anchors.set(anchor, { node, value, size: this.#expanded - before });
    return value;
  }

  #alias(node: Node, name: string): unknown {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined || anchor === "open") {
      const why = anchor === "open" ? "is inside the block that it repeats" : "has no anchor before it";
      this.#report(node, "bad-alias", `The alias *${name} ${why}. Write the block out.`);
      return null;
    }
    this.aliases.set(node, anchor.node);
    this.#expanded += anchor.size;
    if (this.#expanded > EXPANSION.floor + EXPANSION.factor * this.#nodes) {
      this.#report(
        node,
        "alias-bomb",
        "Aliases make the document far larger than its text. Use $ref instead.",
      );
      throw new FindingsError(this.#findings);
    }
    return anchor.value;
  }

  #scalar(node: Node): unknown {
    const value = isScalar(node) ? node.value : null;
    return value === undefined ? null : value;
  }

  #list(items: readonly unknown[]): unknown[] {
    return items.map((item) => this.#value(item as Node | null));
  }

  #map(node: YAMLMap): JsonObject {
    const map: JsonObject = {};
    const merged = new Set<string>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      if (isMergeKey(pair)) {
        for (const [key, value] of this.#merge(pair)) {
          if (Object.hasOwn(map, key)) continue;
          put(map, key, value);
          merged.add(key);
        }
        continue;
      }
      const key = this.#key(pair.key);
      if (Object.hasOwn(map, key) && !merged.delete(key)) this.#repeated(node, pair, key);
      put(map, key, this.#value(pair.value));
    }
    return map;
  }

  #merge(pair: Pair<Node, Node | null>): [string, unknown][] {
    const value = this.#value(pair.value);
    const maps = Array.isArray(value) ? value : [value];
    return maps.flatMap((map) => Object.entries((map ?? {}) as JsonObject));
  }

  #key(node: Node | null): string {
    const target = node && isAlias(node) ? (this.aliasTarget(node) ?? node) : node;
    if (target && isScalar(target)) return keyText(target);
    if (node) this.#report(node, "bad-key", "A key must be a scalar, not a list or a map.");
    return "null";
  }

  private aliasTarget(node: Node): Node | undefined {
    if (!isAlias(node)) return undefined;
    const anchor = this.#anchors.get(node.source);
    return anchor === "open" ? undefined : anchor?.node;
  }

  #repeated(map: YAMLMap, pair: Pair<Node, unknown>, key: string): void {
    const first = (map.items as Pair<Node, unknown>[]).find((other) => this.#key(other.key) === key);
    const { line } = this.lines.at(first?.key.range?.[0] ?? 0);
    this.#report(
      pair.key,
      "duplicate-key",
      `The key "${shorten(key)}" is repeated (first in line ${line}); one of them would be lost. Remove or rename one.`,
    );
  }

  #report(node: Node, rule: string, message: string): void {
    const { line, column } = this.lines.at(node.range?.[0] ?? 0);
    this.#findings.push({ level: "error", rule, where: `${this.name}:${line}:${column}`, message });
  }
}

/** Keys are strings in OpenAPI: `200:` and `true:` are read as they are written. */
function keyText(scalar: Scalar): string {
  return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? String(scalar.value));
}

function isMergeKey(pair: Pair<Node, Node | null>): boolean {
  if (!isScalar(pair.key) || pair.key.value !== "<<" || pair.key.type !== "PLAIN") return false;
  return pair.value !== null && (isAlias(pair.value) || isMap(pair.value) || isSeq(pair.value));
}

class YamlSource implements Source {
  readonly #indexes = new WeakMap<YAMLMap, Map<string, Pair<Node, Node | null>>>();

  constructor(
    readonly name: string,
    readonly value: unknown,
    private readonly document: Document.Parsed,
    private readonly aliases: ReadonlyMap<Node, Node>,
    private readonly lines: Lines,
  ) {}

  position(path: Path): Position {
    return this.lines.at(this.#find(path).offset);
  }

  written(path: Path): string | undefined {
    const { node, whole } = this.#find(path);
    return whole && node && isScalar(node) ? (node as Scalar).source : undefined;
  }

  #find(path: Path): { offset: number; node: Node | null; whole: boolean } {
    let node = this.document.contents as Node | null;
    let offset = node?.range?.[0] ?? 0;
    for (const key of path) {
      const target = node && (this.aliases.get(node) ?? node);
      if (target && isMap(target)) {
        const pair = this.#index(target).get(String(key));
        if (!pair) return { offset, node, whole: false };
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (target && isSeq(target)) {
        const item = target.items[Number(key)] as Node | null | undefined;
        if (!item) return { offset, node, whole: false };
        offset = item.range?.[0] ?? offset;
        node = item;
      } else {
        return { offset, node, whole: false };
      }
    }
    return { offset, node, whole: true };
  }

  #index(map: YAMLMap): Map<string, Pair<Node, Node | null>> {
    let index = this.#indexes.get(map);
    if (!index) {
      const pairs = (map.items as Pair<Node, Node | null>[]).filter((pair) => isScalar(pair.key));
      index = new Map(pairs.map((pair) => [keyText(pair.key as Scalar), pair]));
      this.#indexes.set(map, index);
    }
    return index;
  }
}
