/**
 * Flow collections (`{…}`, `[…]`, pasted JSON) whose lines are indented less than their parent: not YAML 1.2, but
 * js-yaml and PyYAML, and so Swagger UI, read them. Such lines are indented further, and positions are mapped back.
 */
export interface Reindented {
  text: string;
  /** By line, from 1: the columns that were added */
  added: ReadonlyMap<number, number>;
}

/** @param start offset of the collection's opening bracket */
export function indentFlow({ text, added }: Reindented, start: number): Reindented | undefined {
  const end = endOfFlow(text, start);
  if (end === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", start) + 1;
  const indent = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  const spaces = " ".repeat(indent + 2);
  const lines = new Map(added);
  let number = text.slice(0, start).split("\n").length;
  const inside = text.slice(start, end).replaceAll("\n", () => {
    number++;
    lines.set(number, (lines.get(number) ?? 0) + spaces.length);
    return `\n${spaces}`;
  });
  if (inside.length === end - start) return undefined;
  return { text: text.slice(0, start) + inside + text.slice(end), added: lines };
}

/** The offset after the bracket that closes the collection; brackets in strings and comments do not count. */
function endOfFlow(text: string, start: number): number | undefined {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return index + 1;
    else if (char === "#" && /\s/.test(text[index - 1] ?? "")) index = text.indexOf("\n", index);
    else if ((char === '"' || char === "'") && /[\s{[,:]/.test(text[index - 1] ?? "")) {
      index = endOfQuoted(text, index, char);
    }
    if (index < start) return undefined;
  }
  return undefined;
}

function endOfQuoted(text: string, start: number, quote: string): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\" && quote === '"') index++;
    else if (text[index] === quote) return index;
  }
  return text.length;
}
