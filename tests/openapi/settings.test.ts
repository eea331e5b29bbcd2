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
    ["a CORS origin that ends its quotes", { gatewayResponses: { cors: { origin: "https://a' , 'y" } } }],
    ["a CORS origin with a path", { gatewayResponses: { cors: { origin: "https://a.example/" } } }],
    ["a CORS header with a quote", { gatewayResponses: { cors: { headers: "authorization, 'x" } } }],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(compileSettingsSchema.safeParse(value).success, false));
  }

  it("accepts CORS for an origin and its headers", () => {
    const cors = {
      origin: "https://a.example:8443",
      methods: "GET,POST",
      headers: "authorization, x-tenant",
    };
    assert.deepEqual(compileSettingsSchema.parse({ gatewayResponses: { cors } }), {
      gatewayResponses: { cors },
    });
  });

  it("accepts nothing at all", () => assert.deepEqual(compileSettingsSchema.parse({}), {}));
});
