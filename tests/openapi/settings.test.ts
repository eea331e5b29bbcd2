import assert from "node:assert/strict";
import { compileSettingsSchema } from "../../openapi";

describe("compileSettingsSchema", () => {
  for (const [what, value] of [
    ["an unknown key", { acess: {} }],
    ["an unknown key inside", { access: { rule: {} } }],
    ["a rule without method", { access: { rules: { "/a": "public" } } }],
    ["a rule in small letters", { access: { rules: { "get /a": "public" } } }],
    ["a timeout below 50 ms", { timeoutMs: { default: 49 } }],
    ["a backend path without slash", { backendPaths: { "GET /a": "a" } }],
    ["a word that validate does not know", { validate: "all" }],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(compileSettingsSchema.safeParse(value).success, false));
  }

  it("takes nothing at all", () => assert.deepEqual(compileSettingsSchema.parse({}), {}));
});
