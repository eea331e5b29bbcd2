import assert from "node:assert/strict";
import { callIntegration as call, lambdaUri } from "../support";

const PASSTHROUGH = "developer guide, Integration passthrough behaviors";

describe("passthrough", () => {
  const table: [
    template: string,
    type: string | undefined,
    behavior: string,
    outcome: "template" | "as is" | 415,
  ][] = [];
  for (const [template, rows] of Object.entries({
    "application/json": {
      none: ["template", "template", "template"],
      "application/json": ["template", "template", "template"],
      "application/xml": ["as is", 415, 415],
    },
    "application/xml": {
      none: ["as is", 415, 415],
      "application/json": ["as is", 415, 415],
      "application/xml": ["template", "template", "template"],
    },
    "": { none: ["as is", "as is", 415], "application/json": ["as is", "as is", 415] },
  } as Record<string, Record<string, ("template" | "as is" | 415)[]>>)) {
    for (const [type, outcomes] of Object.entries(rows)) {
      for (const [index, outcome] of outcomes.entries()) {
        const behavior = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"][index] as string;
        table.push([template, type === "none" ? undefined : type, behavior, outcome]);
      }
    }
  }
  for (const [template, type, behavior, outcome] of table) {
    it(`template for ${template || "nothing"}, ${type ?? "no content type"}, ${behavior}: ${outcome} [${PASSTHROUGH}]`, async () => {
      const seen = await call(
        {
          type: "aws",
          httpMethod: "POST",
          uri: lambdaUri("f"),
          passthroughBehavior: behavior,
          requestTemplates: template ? { [template]: '{"by":"template"}' } : {},
          responses: { default: { statusCode: "200" } },
        },
        { method: "POST", body: '{"as":"is"}', headers: type ? { "Content-Type": type } : {} },
        {},
        { functions: { f: async (event: unknown) => event } },
      );
      if (outcome === 415) {
        assert.equal(seen.status, 415);
        assert.equal(seen.text, '{"message": "Unsupported Media Type"}');
      } else assert.deepEqual(seen.json, outcome === "template" ? { by: "template" } : { as: "is" });
    });
  }
  it("$default matches any type, and a charset is ignored [recorded: test_default_template]", async () => {
    const integration = {
      type: "aws",
      httpMethod: "POST",
      uri: lambdaUri("f"),
      requestTemplates: { $default: '"default"', "application/json": '"json"' },
      responses: { default: { statusCode: "200" } },
    };
    const f = { functions: { f: async (event: unknown) => event } };
    assert.equal(
      (
        await call(
          integration,
          { method: "POST", body: "x", headers: { "Content-Type": "text/plain" } },
          {},
          f,
        )
      ).json,
      "default",
    );
    assert.equal(
      (
        await call(
          integration,
          { method: "POST", body: "{}", headers: { "Content-Type": "application/json; charset=utf-8" } },
          {},
          f,
        )
      ).json,
      "json",
    );
  });
  for (const [accept, wanted] of [
    [undefined, "json"],
    ["application/xml", "xml"],
    ["application/json", "json"],
    ["text/plain", "json"],
    ["application/xml,application/json", "xml"],
  ] as const) {
    it(`Accept ${accept}: the ${wanted} response template [Select a VTL mapping template]`, async () => {
      const seen = await call(
        {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode":200}' },
          responses: {
            default: {
              statusCode: "200",
              responseTemplates: { "application/xml": "xml", "application/json": "json" },
            },
          },
        },
        { headers: accept ? { Accept: accept } : {} },
      );
      assert.equal(seen.text, wanted);
      assert.equal(seen.headers["content-type"], `application/${wanted}`);
    });
  }
});
