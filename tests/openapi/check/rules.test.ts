import assert from "node:assert/strict";
import { check, loadText } from "../../../openapi";
import { RULES, type RuleId } from "../../../openapi/rest-api/rules";
import { spec } from "../documents";

import { DEFINITION_ROWS } from "./definition-rows";
import { DOCUMENT_ROWS } from "./document-rows";
import { type Row, rulesFoundIn } from "./support";

const TABLE: Record<RuleId, Row> = { ...DOCUMENT_ROWS, ...DEFINITION_ROWS };

describe("every rule of check", () => {
  it("has a row in the table", () => {
    assert.deepEqual(Object.keys(TABLE).sort(), Object.keys(RULES).sort());
  });

  for (const [rule, { refused, accepted }] of Object.entries(TABLE)) {
    if (rule === "definition-size") continue;
    it(`${rule} is found where it belongs`, () => assert.ok(rulesFoundIn(refused).includes(rule)));
    it(`${rule} is not found elsewhere`, () => assert.ok(!rulesFoundIn(accepted).includes(rule)));
  }

  it("definition-size counts the bytes of the file", () => {
    const text = (size: number) => JSON.stringify(spec({}, { "x-filler": "a".repeat(size) }));
    const rules = (size: number) => check(loadText(text(size))).map(({ rule }) => rule);
    assert.deepEqual(rules(6 * 1024 * 1024), ["definition-size"]);
    assert.deepEqual(rules(5 * 1024 * 1024), []);
  });
});
