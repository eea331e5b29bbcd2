import { columns, markdownTable } from "../../lib/table";

/** How a report is written. Texts from specs and settings go through `code` or `plain`. */
export interface Style {
  heading(text: string): string;
  bold(text: string): string;
  code(text: string): string;
  plain(text: string): string;
  bullet(text: string): string;
  /** A title with rows below it. */
  section(title: string, header: string[], rows: string[][]): string;
}

/** Without line breaks, so that no text starts a line. */
const oneLine = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, " ");

/** For a comment on GitHub: details are folded, and no text brings its own markup. */
export const markdown: Style = {
  heading: (text) => `### ${text}`,
  bold: (text) => `**${text}**`,
  code: (text) => (text === "" ? "" : `\`${oneLine(text).replaceAll("`", "'")}\``),
  plain: (text) =>
    oneLine(text)
      .replaceAll("&", "&amp;")
      .replace(/([\\`*_~$[\]<>#])/g, "\\$1"),
  bullet: (text) => `- ${text}`,
  section: (title, header, rows) =>
    `<details><summary>${title}</summary>\n\n${markdownTable(header, rows)}\n\n</details>`,
};

/** For a terminal: no markup, aligned columns. Control characters could move the cursor. */
export const terminal: Style = {
  heading: (text) => text,
  bold: (text) => text,
  code: (text) => printable(text),
  plain: (text) => printable(text),
  bullet: (text) => `  ${text}`,
  section: (title, _header, rows) => [title, ...columns(rows).map((row) => `  ${row}`)].join("\n"),
};

function printable(text: string): string {
  return oneLine(text).replace(/\p{Cc}/gu, "");
}
