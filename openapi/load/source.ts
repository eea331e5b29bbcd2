import type { Path } from "../../lib/json";

export interface Position {
  /** From 1 */
  line: number;
  /** From 1 */
  column: number;
}

/** One text file with its parsed value, and the position of each value in the text. */
export interface Source {
  /** The name that findings show */
  readonly name: string;
  readonly value: unknown;
  /** The position of the key (or list item) at `path`, or of the deepest part of the path that exists */
  position(path: Path): Position;
  /** The text of a scalar as it was written (`1.10`, where the value is 1.1) */
  written(path: Path): string | undefined;
}

/** Turns offsets into lines and columns; the text is only scanned as far as needed. */
export class Lines {
  readonly #starts = [0];
  #read = 0;

  /** @param added columns that were added to a line, which positions must not count */
  constructor(
    private readonly text: string,
    private readonly added: ReadonlyMap<number, number> = new Map(),
  ) {}

  at(offset: number): Position {
    this.#readTo(offset);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = low + 1;
    const column = offset - (this.#starts[low] ?? 0) + 1 - (this.added.get(line) ?? 0);
    return { line, column: Math.max(column, 1) };
  }

  #readTo(offset: number): void {
    while (this.#read < offset) {
      const end = this.text.indexOf("\n", this.#read);
      this.#read = end === -1 ? this.text.length : end + 1;
      if (end === -1) return;
      this.#starts.push(this.#read);
    }
  }
}
