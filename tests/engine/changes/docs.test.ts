import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { changes } from "./table";

/** The rows of the document's tables, header and rule left out. */
function rows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (change|---)/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

describe("The changes in docs/changes.md", () => {
  it("are those of the table that the real engine is asked about, in its words", () => {
    const documented = rows(readFileSync(join(projectRoot, "docs/changes.md"), "utf8"));
    const known = changes.map(({ what, callers }) => [what, callers]);
    assert.ok(known.length > 30);
    assert.deepEqual(documented.sort(), known.sort());
  });

  it("say what is wrong wherever requests fail", () => {
    for (const { what, callers, effects = {}, fails } of changes) {
      const breaks =
        fails !== undefined || Object.values(effects).some((effect) => /outage|cut/.test(effect));
      assert.equal(/outage|fail|50[0-9]|stop/i.test(callers) && breaks, breaks, `${what}: ${callers}`);
    }
  });
});
