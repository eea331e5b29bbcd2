import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import { get, spec, VPC } from "../documents";

import { errors, INTEGRATION, ok, run } from "./support";

describe("compile: settings of single operations", () => {
  it("match by method and shape, whatever the variables are called", () => {
    const settings = {
      access: { rules: { "GET /things/{id}": "public" } },
      timeoutMs: { rules: { "GET /things/{x}": 60_000 } },
    };
    const { definition, routes: table } = run(get({}, "/things/{name}"), settings);
    assert.equal(table[0]?.access, "public");
    assert.equal(at(definition, ["paths", "/things/{name}", "get", INTEGRATION, "timeoutInMillis"]), 60_000);
  });

  it("are refused when they match nothing, with what may be meant", () => {
    const { findings } = run(spec({ "/status": ok }), { access: { rules: { "GET /satus": "public" } } });
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ["settings-rule-unmatched"],
    );
    assert.match(findings[0]?.message ?? "", /Did you mean "GET \/status"\?/);
    assert.match(findings[0]?.where ?? "", /access\.rules/);
  });

  for (const [what, key, path, uri, mapping] of [
    ["the same names", "GET /a/{x}/{y}", "/b/{y}/{x}", "/b/{y}/{x}", { y: "y", x: "x" }],
    ["other names, in order", "GET /a/{x}/{y}", "/b/{p}/{q}", "/b/{p}/{q}", { p: "x", q: "y" }],
    ["the names of the rule's own path", "GET /a/{p}/{q}", "/b/{q}", "/b/{q}", { q: "y" }],
    ["no variable", "GET /a/{x}/{y}", "/b", "/b", undefined],
  ] as const) {
    it(`maps a backend path with ${what}`, () => {
      const { definition, findings } = run(get({}, "/a/{x}/{y}"), { backendPaths: { [key]: path } });
      const made = at(definition, ["paths", "/a/{x}/{y}", "get", INTEGRATION]);
      assert.deepEqual([findings, at(made, ["uri"])], [[], VPC + uri]);
      const wanted =
        mapping &&
        Object.fromEntries(
          Object.entries(mapping).map(([to, from]) => [
            `integration.request.path.${to}`,
            `method.request.path.${from}`,
          ]),
        );
      assert.deepEqual(at(made, ["requestParameters"]), wanted);
    });
  }

  it("refuse a backend path with a variable from nowhere", () => {
    assert.deepEqual(errors(get({}), { backendPaths: { "GET /things": "/b/{id}" } }), [
      "backend-path-variable",
    ]);
  });

  it("lay an integration over the one that is made, or replace it", () => {
    const laid = run(get({}), {
      integrations: { "GET /things": { passthroughBehavior: "never", connectionId: null } },
    });
    const made = at(laid.definition, ["paths", "/things", "get", INTEGRATION]) as JsonObject;
    assert.deepEqual(
      [made.passthroughBehavior, "connectionId" in made, made.uri],
      ["never", false, `${VPC}/things`],
    );
    const replaced = run(get({}), { integrations: { "GET /things": { type: "mock" } } });
    assert.deepEqual(at(replaced.definition, ["paths", "/things", "get", INTEGRATION]), { type: "mock" });
  });
});
