import { Scanner } from "./scanner";
import { ExpressionParser } from "./velocity-expression";
import type { Node, Reference } from "./velocity-syntax";

/** White space up to and including the end of the line: it belongs to the directive before it. */
const LINE_END = /[ \t]*\r?\n/y;
const DIRECTIVE = /#(?:\{([A-Za-z]\w*)\}|([A-Za-z]\w*))/y;
const DIRECTIVES: ReadonlySet<string> = new Set(
  "set if elseif else end foreach macro define evaluate break stop".split(" "),
);
/** What ends or continues a block. */
const BLOCK_END: ReadonlySet<string> = new Set(["else", "elseif", "end"]);

/** @throws SyntaxError with line and column when the template is not VTL */
export function parseTemplate(source: string): Node[] {
  return new TemplateParser(source).template();
}

class TemplateParser {
  private readonly scanner: Scanner;
  private readonly expressions: ExpressionParser;

  constructor(source: string) {
    this.scanner = new Scanner(source);
    this.expressions = new ExpressionParser(this.scanner, parseTemplate);
  }

  template(): Node[] {
    const nodes = this.nodes();
    if (!this.scanner.isAtEnd) this.scanner.fail("no block is open");
    return nodes;
  }

  /** Nodes up to the end or to a directive that ends or continues a block. */
  private nodes(): Node[] {
    const { scanner } = this;
    const nodes: Node[] = [];
    while (!scanner.isAtEnd) {
      const text = scanner.match(/[^$#\\]+|\\+(?![$#\\])/y);
      if (text) {
        nodes.push({ type: "text", text: text[0] });
        continue;
      }
      const isEnd = this.peekDirective();
      if (isEnd !== undefined && BLOCK_END.has(isEnd)) break;
      this.special(nodes);
    }
    return nodes;
  }

  private peekDirective(): string | undefined {
    const { at } = this.scanner;
    const found = this.scanner.match(DIRECTIVE);
    this.scanner.at = at;
    return found?.[1] ?? found?.[2];
  }

  /** At `$`, `#` or a backslash in front of one. */
  private special(nodes: Node[]): void {
    const { scanner } = this;
    const start = scanner.at;
    const slashes = scanner.match(/\\+/y)?.[0].length ?? 0;
    // Two backslashes are one; an odd one escapes what follows.
    if (slashes > 1) nodes.push({ type: "text", text: "\\".repeat(Math.floor(slashes / 2)) });
    const isEscaped = slashes % 2 === 1;
    const from = scanner.at;
    const reference = this.expressions.reference();
    if (reference) {
      const source = scanner.source.slice(from, scanner.at);
      nodes.push({ type: "reference", reference, source, isEscaped });
    } else if (scanner.source[from] === "#" && !isEscaped) {
      const node = this.comment() ?? this.directive(nodes);
      if (node) nodes.push(node);
    } else if (isEscaped && DIRECTIVES.has(this.peekDirective() ?? "")) {
      nodes.push({ type: "text", text: (scanner.match(DIRECTIVE) as RegExpExecArray)[0] });
    } else {
      if (isEscaped) nodes.push({ type: "text", text: "\\" });
      nodes.push({ type: "text", text: scanner.source[from] as string });
      scanner.at = from + 1;
    }
    if (scanner.at === start) scanner.fail("unexpected text");
  }

  private comment(): Node | undefined {
    const { scanner } = this;
    if (scanner.match(/##[^\n]*(?:\n|$)/y)) return { type: "text", text: "" };
    if (scanner.take("#*")) {
      scanner.match(/[\s\S]*?(?:\*#|$)/y);
      return { type: "text", text: "" };
    }
    const raw = scanner.match(/#\[\[([\s\S]*?)\]\]#/y);
    return raw && { type: "text", text: raw[1] as string };
  }

  private directive(before: Node[]): Node | undefined {
    const { scanner } = this;
    const start = scanner.at;
    const found = scanner.match(DIRECTIVE);
    const name = found?.[1] ?? found?.[2];
    const text = (): Node => {
      scanner.at = start + 1;
      return { type: "text", text: "#" };
    };
    if (!found || name === undefined) return text();
    switch (name) {
      case "set":
        this.dropIndentation(before, start);
        return this.endOfLine(this.set());
      case "if":
        return this.if();
      case "foreach":
        return this.foreach();
      case "macro":
        return this.macro();
      case "define": {
        const { name: variable } = this.inParentheses(() => this.variable());
        return { type: "define", name: variable, body: this.block() };
      }
      case "evaluate":
        return this.endOfLine({
          type: "evaluate",
          value: this.inParentheses(() => this.expressions.expression()),
        });
      case "break":
      case "stop":
        return this.endOfLine({ type: name });
      default:
        return this.call(name, start) ?? text();
    }
  }

  private set(): Node {
    return this.inParentheses(() => {
      const target = this.variable();
      this.scanner.skipSpace();
      this.scanner.expect("=");
      return { type: "set", target, value: this.expressions.expression() };
    });
  }

  private if(): Node {
    const branches: { condition?: ReturnType<ExpressionParser["expression"]>; body: Node[] }[] = [];
    let name = "if";
    do {
      const condition = name === "else" ? undefined : this.inParentheses(() => this.expressions.expression());
      this.scanner.match(LINE_END);
      branches.push({ ...(condition && { condition }), body: this.nodes() });
      if (name === "else" && this.peekDirective() !== "end") this.scanner.fail("expected #end");
      name = this.blockEnd();
    } while (name !== "end");
    return { type: "if", branches };
  }

  private foreach(): Node {
    const head = this.inParentheses(() => {
      const { name } = this.variable();
      if (!this.scanner.match(/\s+in\b/y)) this.scanner.fail("expected in");
      return { name, list: this.expressions.expression() };
    });
    return { type: "foreach", ...head, body: this.block() };
  }

  private macro(): Node {
    const { scanner } = this;
    const name =
      scanner.match(/[ \t]*\(\s*([A-Za-z_][\w-]*)/y)?.[1] ?? scanner.fail("expected the macro's name");
    const parameters = this.expressions.separated(")", () => this.variable().name);
    return { type: "macro", name, parameters, body: this.block() };
  }

  /** `#name(…)`; without parentheses, or with text in them, it is text. */
  private call(name: string, start: number): Node | undefined {
    const { scanner } = this;
    if (!scanner.take("(")) return undefined;
    try {
      const args = this.expressions.separated(")", () => this.expressions.expression());
      scanner.match(LINE_END);
      return { type: "call", name, args, source: scanner.source.slice(start, scanner.at) };
    } catch {
      return undefined;
    }
  }

  /** The body of a block, up to and including its #end. */
  private block(): Node[] {
    this.scanner.match(LINE_END);
    const body = this.nodes();
    if (this.peekDirective() !== "end") this.scanner.fail("expected #end");
    this.blockEnd();
    return body;
  }

  private blockEnd(): string {
    const found = this.scanner.match(DIRECTIVE);
    const name = found?.[1] ?? found?.[2];
    if (name === undefined) return this.scanner.fail("expected #end");
    if (name !== "elseif") this.scanner.match(LINE_END);
    return name;
  }

  private variable(): Reference {
    this.scanner.skipSpace();
    return this.expressions.reference() ?? this.scanner.fail("expected a variable");
  }

  private inParentheses<T>(read: () => T): T {
    const { scanner } = this;
    scanner.match(/[ \t]*/y);
    scanner.expect("(");
    const result = read();
    scanner.skipSpace();
    scanner.expect(")");
    return result;
  }

  /** The indentation of a #set on the line after another directive (Velocity 1.7 and 2.3; mid-line, 2.3 keeps blanks). */
  private dropIndentation(before: Node[], at: number): void {
    const last = before.at(-1);
    if (last?.type !== "text" || !/^[ \t]+$/.test(last.text)) return;
    const start = at - last.text.length;
    if (start === 0 || this.scanner.source[start - 1] === "\n") before.pop();
  }

  private endOfLine<T>(node: T): T {
    this.scanner.match(LINE_END);
    return node;
  }
}
