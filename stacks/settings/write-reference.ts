import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { stackFileSchema } from "./json-schema";
import { settingsTable } from "./reference";

/** What is made from the schema: the JSON Schema for editors, and the table in the documentation. */
export const schemaFile = resolve(projectRoot, "stacks/settings.schema.json");
export const docsFile = resolve(projectRoot, "docs/settings.md");

const BEGIN = "<!-- made from the schema: begin -->";
const END = "<!-- made from the schema: end -->";

/** The documentation with its table up to date. */
export function withTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/settings.md lacks ${BEGIN} … ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${settingsTable()}\n\n${text.slice(end)}`;
}

if (require.main === module) {
  writeFileSync(schemaFile, `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
  writeFileSync(docsFile, withTable(readFileSync(docsFile, "utf8")));
}
