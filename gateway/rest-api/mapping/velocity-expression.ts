import { parseNumber } from "./java-values";
import type { Scanner } from "./scanner";
import type { Expression, Node, Reference, Step } from "./velocity-syntax";

/** By ascending precedence; each has its spelling in words. */
const OPERATORS: readonly RegExp[] = [
  /\|\||or\b/y,
  /&&|and\b/y,
  /==|!=|eq\b|ne\b/y,
  />=|<=|>|<|ge\b|le\b|gt\b|lt\b/y,
  /[+-]/y,
  /[*/%]/y,
];
const WORDS: Readonly<Record<string, string>> = Object.freeze({
  or: "||",
  and: "&&",
  eq: "==",
  ne: "!=",
  ge: ">=",
  le: "<=",
  gt: ">",
  lt: "<",
});

/** Reads the expressions and references of a template; `parseText` parses the text of an interpolated string. */
export class ExpressionParser {
  constructor(
    private readonly scanner: Scanner,
    private readonly parseText: (text: string) => Node[],
  ) {}

  expression(level = 0): Expression {
    const operators = OPERATORS[level];
    if (!operators) return this.unary();
    let left = this.expression(level + 1);
    for (;;) {
      this.scanner.skipSpace();
      const operator = this.scanner.match(operators)?.[0];
      if (operator === undefined) return left;
      left = {
        type: "binary",
        operator: Object.hasOwn(WORDS, operator) ? (WORDS[operator] as string) : operator,
        left,
        right: this.expression(level + 1),
      };
    }
  }

  private unary(): Expression {
    this.scanner.skipSpace();
    if (this.scanner.match(/!(?!=)|not\b/y)) return { type: "unary", operator: "!", operand: this.unary() };
    if (this.scanner.match(/-(?=\s*[$(])/y)) return { type: "unary", operator: "-", operand: this.unary() };
    return this.primary();
  }

  private primary(): Expression {
    const { scanner } = this;
    const start = scanner.at;
    const number = scanner.match(/-?(?:\d+(?:\.\d*(?!\.))?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number) return { type: "literal", value: parseNumber(number[0]) };
    const word = scanner.match(/(?:true|false|null)\b/y);
    if (word) return { type: "literal", value: word[0] === "null" ? undefined : word[0] === "true" };
    const string = scanner.match(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/y);
    // A doubled quote is one quote; a backslash escapes nothing (Velocity 1.7, Parser.jjt, STRING_LITERAL).
    if (string?.[1] !== undefined) return { type: "literal", value: string[1].replaceAll("''", "'") };
    if (string?.[2] !== undefined) return this.interpolated(withUnicode(string[2].replaceAll('""', '"')));
    if (scanner.take("(")) {
      const inner = this.expression();
      scanner.skipSpace();
      scanner.expect(")");
      return inner;
    }
    if (scanner.take("[")) return this.list();
    if (scanner.take("{")) {
      return { type: "map", entries: this.separated("}", () => this.entry()) };
    }
    const reference = this.reference();
    return reference ? { type: "reference", reference } : scanner.fail("expected an expression", start);
  }

  private interpolated(text: string): Expression {
    if (!/[$#]/.test(text)) return { type: "literal", value: text };
    return { type: "interpolated", body: this.parseText(text) };
  }

  private list(): Expression {
    const { scanner } = this;
    const start = scanner.at;
    scanner.skipSpace();
    if (scanner.take("]")) return { type: "list", items: [] };
    const from = this.expression();
    scanner.skipSpace();
    if (scanner.take("..")) {
      const to = this.expression();
      scanner.skipSpace();
      scanner.expect("]");
      return { type: "range", from, to };
    }
    scanner.at = start;
    return { type: "list", items: this.separated("]", () => this.expression()) };
  }

  private entry(): [Expression, Expression] {
    const key = this.expression();
    this.scanner.skipSpace();
    this.scanner.expect(":");
    return [key, this.expression()];
  }

  /** Items separated by commas, or by white space as macros allow it, up to a closing character. */
  separated<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    for (;;) {
      this.scanner.skipSpace();
      if (this.scanner.take(close)) return items;
      items.push(read());
      this.scanner.skipSpace();
      this.scanner.take(",");
    }
  }

  /** `$name`, `$!name`, `${name}` with properties, methods and indexes; undefined when it is not a reference. */
  reference(): Reference | undefined {
    const { scanner } = this;
    const start = scanner.at;
    const head = scanner.match(/\$!?(\{?)([A-Za-z_][\w-]*)/y);
    if (!head) return undefined;
    const reference = { name: head[2] as string, path: this.steps() };
    if (head[1] === "" || scanner.take("}")) return reference;
    scanner.at = start;
    return undefined;
  }

  private steps(): Step[] {
    const { scanner } = this;
    const steps: Step[] = [];
    for (;;) {
      const name = scanner.match(/\.([A-Za-z_][\w-]*)/y)?.[1];
      if (name !== undefined) {
        if (scanner.take("("))
          steps.push({ type: "method", name, args: this.separated(")", () => this.expression()) });
        else steps.push({ type: "property", name });
      } else if (scanner.take("[")) {
        const index = this.expression();
        scanner.skipSpace();
        scanner.expect("]");
        steps.push({ type: "index", index });
      } else return steps;
    }
  }
}

/** The only escape in a string in double quotes. */
const withUnicode = (text: string): string =>
  text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
