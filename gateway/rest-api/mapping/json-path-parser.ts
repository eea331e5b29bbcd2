import { parseNumber } from "./java-values";
import { Scanner } from "./scanner";

export interface JsonPath {
  /** Starts with `$`, not with `@`. */
  isRooted: boolean;
  tokens: Token[];
  /** Can match one value only. */
  isDefinite: boolean;
}

export type Token =
  | { type: "properties"; names: string[]; isMerged: boolean }
  | { type: "wildcard" }
  | { type: "indexes"; indexes: number[] }
  | { type: "slice"; from: number | undefined; to: number | undefined }
  | { type: "filter"; condition: Condition }
  | { type: "scan"; next: Token }
  | { type: "function"; name: string; args: Operand[] };

export type Condition =
  | { type: "and" | "or"; conditions: Condition[] }
  | { type: "not"; condition: Condition }
  | { type: "exists"; path: JsonPath }
  | { type: "compare"; operator: string; left: Operand; right: Operand };

export type Operand =
  | { type: "literal"; value: unknown }
  | { type: "path"; path: JsonPath }
  | { type: "regex"; pattern: RegExp };

const FUNCTIONS: ReadonlySet<string> = new Set(
  "length size keys min max avg sum stddev concat append first last index".split(" "),
);
const OPERATORS = /===|!==|==|!=|=~|<=|>=|<|>|(?:in|nin|subsetof|anyof|noneof|contains|size|empty)\b/iy;

/** @throws SyntaxError */
export function parseJsonPath(text: string): JsonPath {
  const trimmed = text.trim();
  const scanner = new Scanner(/^[$@]/.test(trimmed) ? trimmed : `$.${trimmed}`);
  const path = new PathParser(scanner).path(false);
  if (!scanner.isAtEnd) scanner.fail(`the JSONPath ${trimmed} is invalid`);
  return path;
}

class PathParser {
  constructor(private readonly scanner: Scanner) {}

  path(isInFilter: boolean): JsonPath {
    const root = this.scanner.match(/[$@]/y)?.[0] ?? this.scanner.fail("a path starts with $ or @");
    const tokens: Token[] = [];
    for (let token = this.token(isInFilter); token; token = this.token(isInFilter)) tokens.push(token);
    const last = tokens.at(-1);
    if (last?.type === "properties" && last.names.length > 1) last.isMerged = true;
    return { isRooted: root === "$", tokens, isDefinite: tokens.every(isDefinite) };
  }

  private token(isInFilter: boolean): Token | undefined {
    const { scanner } = this;
    if (scanner.take("..")) {
      const next = scanner.source[scanner.at] === "[" ? this.token(isInFilter) : this.name(isInFilter);
      return { type: "scan", next: next ?? scanner.fail("expected a name after ..") };
    }
    if (scanner.take("."))
      return scanner.source[scanner.at] === "[" ? this.token(isInFilter) : this.name(isInFilter);
    return scanner.take("[") ? this.brackets() : undefined;
  }

  /** A name in dot notation has any characters but blanks, dots and brackets. */
  private name(isInFilter: boolean): Token {
    const { scanner } = this;
    if (scanner.take("*")) return { type: "wildcard" };
    const name =
      scanner.match(isInFilter ? /[^\s.[()=!<>&|,~\]]+/y : /[^\s.[(]+/y)?.[0] ??
      scanner.fail("expected a name");
    if (!scanner.take("(")) return { type: "properties", names: [name], isMerged: false };
    if (!FUNCTIONS.has(name)) scanner.fail(`JSONPath has no function ${name}`);
    return { type: "function", name, args: this.separated(")", () => this.operand()) };
  }

  private brackets(): Token {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.match(/\*\s*\]/y)) return { type: "wildcard" };
    if (scanner.match(/\?\s*\(/y)) {
      const condition = this.condition();
      if (!scanner.match(/\s*\)\s*\]/y)) scanner.fail("the filter is not closed");
      return { type: "filter", condition };
    }
    const slice = scanner.match(/(-?\d+)?\s*:(?!\s*\])\s*(-?\d+)?\s*\]|(-?\d+)\s*:\s*\]/y);
    if (slice) return { type: "slice", from: optional(slice[1] ?? slice[3]), to: optional(slice[2]) };
    if (/['"]/.test(scanner.source[scanner.at] ?? ""))
      return { type: "properties", names: this.separated("]", () => this.quoted()), isMerged: false };
    return {
      type: "indexes",
      indexes: this.separated("]", () =>
        Number(scanner.match(/-?\d+/y)?.[0] ?? scanner.fail("expected an index")),
      ),
    };
  }

  private quoted(): string {
    const found = this.scanner.match(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
    const text = found?.[1] ?? found?.[2] ?? this.scanner.fail("expected a quoted name");
    return text.replace(/\\(.)/gs, "$1");
  }

  private separated<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    this.scanner.skipSpace();
    if (this.scanner.take(close)) return items;
    for (;;) {
      items.push(read());
      this.scanner.skipSpace();
      if (this.scanner.take(close)) return items;
      this.scanner.expect(",");
      this.scanner.skipSpace();
    }
  }

  private condition(): Condition {
    return this.joined("or", /\s*\|\|\s*/y, () => this.joined("and", /\s*&&\s*/y, () => this.simple()));
  }

  private joined(type: "and" | "or", operator: RegExp, read: () => Condition): Condition {
    const first = read();
    const conditions = [first];
    while (this.scanner.match(operator)) conditions.push(read());
    return conditions.length === 1 ? first : { type, conditions };
  }

  private simple(): Condition {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.match(/!(?!=)/y)) return { type: "not", condition: this.simple() };
    if (scanner.take("(")) {
      const inner = this.condition();
      scanner.skipSpace();
      scanner.expect(")");
      return inner;
    }
    const left = this.operand();
    scanner.skipSpace();
    const operator = scanner.match(OPERATORS)?.[0].toLowerCase();
    if (operator !== undefined) {
      scanner.skipSpace();
      return { type: "compare", operator, left, right: this.operand() };
    }
    if (left.type !== "path") return scanner.fail("expected an operator");
    return { type: "exists", path: left.path };
  }

  private operand(): Operand {
    const { scanner } = this;
    const next = scanner.source[scanner.at] ?? "";
    if (next === "$" || next === "@") return { type: "path", path: this.path(true) };
    const regex = scanner.match(/\/((?:[^/\\]|\\.)+)\/([a-z]*)/y);
    if (regex) return { type: "regex", pattern: javaPattern(regex[1] as string, regex[2] as string) };
    return { type: "literal", value: this.literal() };
  }

  private literal(): unknown {
    const { scanner } = this;
    if (scanner.take("[")) return this.separated("]", () => this.literal());
    const number = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
    if (number !== undefined) return parseNumber(number);
    const word = scanner.match(/(?:true|false|null)\b/y)?.[0];
    if (word !== undefined) return word === "null" ? null : word === "true";
    return this.quoted();
  }
}

const optional = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** The whole value has to match; of Java's flags, i, m and s have the same meaning in JavaScript. */
const javaPattern = (source: string, flags: string): RegExp =>
  new RegExp(`^(?:${source})$`, flags.replace(/[^ims]/g, ""));

/** Matches one value at most. */
export function isDefinite(token: Token): boolean {
  switch (token.type) {
    case "properties":
      return token.names.length === 1 || token.isMerged;
    case "indexes":
      return token.indexes.length === 1;
    default:
      return token.type === "function";
  }
}
