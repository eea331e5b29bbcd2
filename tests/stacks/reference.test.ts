import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { configSchema, stackFileSchema } from "../../stacks/settings/json-schema";
import { settingsTable } from "../../stacks/settings/reference";
import { docsFile, schemaFile, withTable } from "../../stacks/settings/write-reference";

const remedy = "run: npm run settings:write";

describe("The reference of the settings", () => {
  it("is up to date as JSON Schema", () => {
    assert.deepEqual(
      JSON.parse(readFileSync(schemaFile, "utf8")),
      JSON.parse(JSON.stringify(stackFileSchema())),
      remedy,
    );
  });

  it("is up to date in the documentation", () => {
    const text = readFileSync(docsFile, "utf8");
    assert.ok(text === withTable(text), remedy);
  });

  it("has a row and a description for every key of the first level", () => {
    for (const [key, { description }] of Object.entries(configSchema().properties ?? {})) {
      assert.ok(description, `${key} has no description`);
      assert.ok(settingsTable().includes(`| \`gateway:${key}\` |`), key);
    }
  });

  it("is refused a document without a place for the table", () => {
    assert.throws(() => withTable("# Settings"), /lacks/);
  });
});
