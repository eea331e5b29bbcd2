import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { FIXES } from "../../openapi/adopt/fixes";
import { RULES, type Rule } from "../../openapi/check/rules";

const page = readFileSync(join(projectRoot, "docs/specs.md"), "utf8");
const cell = (text: string) => text.replaceAll("|", "\\|");

describe("docs/specs.md", () => {
  it("has the rule table as the rules are", () => {
    const rows = Object.entries<Rule>(RULES).map(
      ([id, { level, aws, todo, autofix }]) =>
        `| \`${id}\` | ${level} | ${cell(aws)} | ${cell(todo)} | ${autofix ? "yes" : ""} |`,
    );
    const table = page.split("\n").filter((line) => /^\| `[a-z0-9-]+` \| (error|warning|info) \|/.test(line));
    assert.deepEqual(table, rows);
  });

  it("names every rule that --fix mends", () => {
    for (const rule of Object.keys(FIXES)) assert.ok(page.includes(`\`${rule}\``), rule);
  });
});
