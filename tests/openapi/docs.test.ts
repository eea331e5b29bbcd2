import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { FIXES } from "../../openapi/adopt/fixes";
import { RULES, type Rule, renderRules } from "../../openapi/rest-api/rules";

const page = readFileSync(join(projectRoot, "docs/specs.md"), "utf8");

describe("docs/specs.md", () => {
  it("has the rule table that `npm run spec -- rules` writes", () => {
    assert.ok(Object.keys(RULES).length > 50);
    assert.ok(page.includes(renderRules()), "run: npm run spec -- rules");
  });

  it("names every rule that --fix knows", () => {
    const rules = Object.keys(FIXES);
    assert.ok(rules.length > 0);
    for (const rule of rules) assert.ok(page.includes(`\`${rule}\``), rule);
  });
});

describe("the texts of the rules", () => {
  const rules = Object.entries<Rule>(RULES);
  const dialect =
    /\bis no\b|\bmends?\b|by itself|leads nowhere|\bNothing\b|\bstands?\b|\btakes?\b|\btells?\b|\btold\b/;

  it("are plain English", () => {
    for (const [id, { aws, todo = "", fix = "" }] of rules) {
      for (const text of [aws, todo, fix]) assert.doesNotMatch(text, dialect, id);
    }
  });

  it("say what to do, or what compile does, for every error and warning", () => {
    for (const [id, { level, todo, fix }] of rules) {
      if (level !== "info") assert.ok(todo ?? fix, id);
    }
  });

  it("have a source that can be opened", () => {
    const sources = rules.flatMap(([, { source }]) => source ?? []);
    assert.ok(sources.length > 50);
    for (const source of sources) assert.equal(new URL(source).protocol, "https:");
  });
});
