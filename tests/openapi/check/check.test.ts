import assert from "node:assert/strict";
import { at } from "../../../lib/json";
import { check, compile, loadText, loadValue } from "../../../openapi";
import { placeholderTargets } from "../../../openapi/compile/placeholders";
import { definition, get, integration, RESPONSES, schema, spec } from "../documents";

import { INTEGRATION, many, ok, rulesFoundIn } from "./support";

describe("a finding", () => {
  const yaml = [
    "openapi: 3.0.3",
    "info: {title: t, version: 1}",
    "paths:",
    "  /a/{id}.json:",
    "    get:",
    "      responses: {}",
  ].join("\n");

  it("says line and column of YAML", () => {
    const [finding] = check(loadText(yaml, "api.yaml")).filter(({ rule }) => rule === "partial-variable");
    assert.equal(finding?.where, "api.yaml:4:3");
  });

  it("says line and column of JSON", () => {
    const text = JSON.stringify(spec({ "/ping": ok }), null, 2);
    const [finding] = check(loadText(text, "api.json"));
    assert.equal(finding?.where, "api.json:8:5");
  });

  it("names what AWS says and what to do", () => {
    const [finding] = check(loadText(yaml)).filter(({ rule }) => rule === "partial-variable");
    assert.match(
      finding?.message ?? "",
      /"\{id\}\.json".*Resource's path part only allow.*Split the segment/s,
    );
  });

  it("has every property in JSON", () => {
    const [finding] = check(loadText(yaml, "api.yaml"));
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(finding))), ["level", "rule", "where", "message"]);
  });
});

describe("a part of the wrong kind", () => {
  const values = {
    "paths//a": spec({ "/a": 5 }),
    "/a/get": spec({ "/a": { get: [] } }),
    "/a/parameters": spec({ "/a": { parameters: {} } }),
    "get/parameters": get({ parameters: "none" }),
    "parameters/0": get({ parameters: [null] }),
    "0/name": get({ parameters: [{ in: "query" }] }),
    "get/responses": get({ responses: [] }),
    "responses/200": get({ responses: { "200": "fine" } }),
    "content/text/plain": get({ requestBody: { content: { "text/plain": 5 } } }, "/a"),
    "schemas/Thing": schema(5),
    security: spec({}, { security: {} }),
  };
  for (const [name, value] of Object.entries(values)) {
    it(`${name} is an error of check and of compile`, () => {
      const document = loadValue(value);
      const found = check(document).find(({ rule }) => rule === "wrong-structure");
      assert.ok(found?.message.startsWith(`"${name}" has to be`), found?.message);
      assert.ok(
        compile(document, {}, placeholderTargets({})).findings.some(({ rule }) => rule === "wrong-structure"),
      );
    });
  }

  it("is not a path that nothing is written under", () => {
    assert.ok(!rulesFoundIn(spec({ "/a": null })).includes("wrong-structure"));
  });
});

describe("a plain spec", () => {
  it("is not asked for integrations", () => {
    assert.deepEqual(rulesFoundIn(spec({ "/a": ok })), []);
  });

  it("may refer to itself in circles", () => {
    const circular = schema({ type: "object", properties: { next: { $ref: "#/components/schemas/Thing" } } });
    assert.deepEqual(rulesFoundIn(circular), []);
  });

  it("may call things like JavaScript's prototype", () => {
    const paths = JSON.parse(
      '{"/constructor": {"get": {"responses": {"200": {"description": "x"}}}}, "/__proto__": {}}',
    );
    const schemas = JSON.parse('{"__proto__": {"type": "object"}, "toString": {"type": "object"}}');
    assert.deepEqual(rulesFoundIn(spec(paths, { components: { schemas } })), ["model-name"]);
  });
});

describe("the resources", () => {
  it("are counted with the root and the parts that have no method", () => {
    const deep = spec({ [`/${Array.from({ length: 299 }, (_, index) => `s${index}`).join("/")}`]: ok });
    const deeper = spec({ [`/${Array.from({ length: 300 }, (_, index) => `s${index}`).join("/")}`]: ok });
    assert.ok(!rulesFoundIn(deep).includes("resource-quota"));
    assert.ok(rulesFoundIn(deeper).includes("resource-quota"));
  });

  it("may be more where the account's quota was raised", () => {
    const found = check(loadValue(spec(many(300, "p"))), { resources: 400 });
    assert.deepEqual(found, []);
  });
});

describe("a private integration", () => {
  it("may call a variable as the backend does, where it stands in the same place", () => {
    const item = (path: string, name: string) => ({
      [path]: {
        get: { responses: RESPONSES, parameters: [{ name, in: "path", required: true, schema: {} }] },
      },
    });
    const plain = spec({ ...item("/c/{sid}", "sid"), ...item("/c/{conversation}/m/{sid}", "sid") });
    const { definition } = compile(loadValue(plain), {}, placeholderTargets({}));
    const path = "/c/{sid}/m/{sid2}";
    assert.ok(at(definition, ["paths", path]));
    const rules = check(loadValue(definition)).map(({ rule }) => rule);
    assert.ok(!rules.includes("crossed-mapping"));
  });

  it("passes every rule as compile writes it", () => {
    const value = definition("/a/{id}", {
      get: { responses: RESPONSES, [INTEGRATION]: integration("GET", "/a/{id}") },
    });
    assert.deepEqual(
      rulesFoundIn(value).filter((rule) => rule !== "undeclared-variable"),
      [],
    );
  });
});
