/** A line per row, its columns padded to their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

export function table(header: string[], rows: string[][]): string {
  return columns([header, ...rows]).join("\n");
}

/** An odd number of backslashes escapes the pipe; an even number is literal, and the pipe would end the cell. */
const escapedPipe = (_: string, backslashes: string) =>
  `${backslashes}${backslashes.length % 2 === 0 ? "\\" : "\\\\"}|`;

/** A GitHub table; cells keep their markdown. */
export function markdownTable(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replace(/(\\*)\|/g, escapedPipe).replaceAll("\n", " ")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
