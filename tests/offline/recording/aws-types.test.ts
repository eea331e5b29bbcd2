import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { projectRoot } from "../../../lib/project-root";

describe("The table of recorded AWS types", () => {
  const source = readFileSync(join(projectRoot, "offline/recording/aws-types.ts"), "utf8");
  const rows = [...source.matchAll(/^ {2}"([^"]+)":\s+typeof aws\.(\w+)\.(\w+);$/gm)];

  it("has rows to compare", () => {
    assert.ok(rows.length >= 30, `${rows.length} rows`);
    assert.equal(rows.length, [...source.matchAll(/typeof aws\./g)].length);
  });

  it("names each class by the token that the class registers", () => {
    const modules = aws as unknown as Record<string, Record<string, { __pulumiType: string }>>;
    const registered = rows.map(([, , module = "", name = ""]) => modules[module]?.[name]?.__pulumiType);
    assert.deepEqual(
      registered,
      rows.map(([, token]) => token),
    );
  });
});
