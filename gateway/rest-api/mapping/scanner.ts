/** A position in a text, and what can be read there. */
export class Scanner {
  at = 0;

  constructor(readonly source: string) {}

  /** Reads what a sticky expression matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found) this.at = pattern.lastIndex;
    return found ?? undefined;
  }

  skipSpace(): void {
    this.match(/\s*/y);
  }

  take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}`);
  }

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  fail(problem: string, at = this.at): never {
    const before = this.source.slice(0, at).split("\n");
    const found =
      at < this.source.length ? `found ${JSON.stringify(this.source.slice(at, at + 12))}` : "found the end";
    throw new SyntaxError(
      `line ${before.length}, column ${(before.at(-1) as string).length + 1}: ${problem}, ${found}`,
    );
  }
}
