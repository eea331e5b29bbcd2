/** Columns padded to their widest cell. */
export function table(header: string[], rows: string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** An odd number of backslashes: an even one is backslashes, and the pipe after them ends the cell. */
const escapedPipe = (_: string, backslashes: string) =>
  `${backslashes}${backslashes.length % 2 === 0 ? "\\" : "\\\\"}|`;

/** A GitHub table; cells keep their markdown. */
export function markdownTable(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replace(/(\\*)\|/g, escapedPipe).replaceAll("\n", " ")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
