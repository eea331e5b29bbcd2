import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import type { CompileSettings } from "../../../openapi";
import { get, RESPONSES, spec } from "../documents";

import { errors, ok, run, targets } from "./support";

describe("compile: access", () => {
  const accessOf = (value: JsonObject, settings: CompileSettings = {}) =>
    run(value, { ...settings, options: false, catchAll: false }).routes.map(({ access }) => access);

  it("is read where nothing is said: nothing is public by accident", () => {
    assert.deepEqual(accessOf(get({})), ["read"]);
  });

  it("follows the rule before the spec before the default", () => {
    const open = get({ security: [] });
    assert.deepEqual(accessOf(open), ["public"]);
    assert.deepEqual(accessOf(open, { access: { rules: { "GET /things": "create" } } }), ["create"]);
    assert.deepEqual(accessOf(get({}), { access: { default: "data-admin" } }), ["data-admin"]);
  });

  it("stays closed where the spec makes the login optional", () => {
    const optional = get({ security: [{ login: [] }, {}] });
    const login = { type: "apiKey", name: "Authorization", in: "header" };
    assert.deepEqual(accessOf(optional), ["read"]);
    assert.deepEqual(
      run({ ...optional, components: { securitySchemes: { login } } }).findings.map(({ rule }) => rule),
      ["optional-security"],
    );
  });

  it("is the default where the spec names a scheme that nobody declared, and says so", () => {
    const undeclared = get({ security: [{ login: [] }] });
    assert.deepEqual(accessOf(undeclared), ["read"]);
    const rules = (value: JsonObject) => run(value).findings.map(({ rule }) => rule);
    assert.deepEqual(rules(undeclared), ["missing-security-scheme"]);
    const login = { type: "apiKey", name: "Authorization", in: "header" };
    assert.deepEqual(rules({ ...undeclared, components: { securitySchemes: { login } } }), []);
  });

  it("takes a scheme for a level by the settings, or by its name", () => {
    const value = get({ security: [{ login: [] }] });
    assert.deepEqual(accessOf(value, { access: { schemes: { login: "create" } } }), ["create"]);
    assert.deepEqual(accessOf(get({ security: [{ create: [] }] })), ["create"]);
  });

  it("applies the spec's root security to operations without their own", () => {
    const value = spec(
      { "/a": ok, "/b": { get: { ...ok.get, security: [] } } },
      { security: [{ create: [] }] },
    );
    assert.deepEqual(accessOf(value), ["create", "public"]);
  });

  it("warns when the root opens everything", () => {
    const value = spec({ "/a": ok }, { security: [] });
    assert.deepEqual(accessOf(value), ["public"]);
    assert.deepEqual(
      run(value).findings.map(({ level, rule }) => `${level} ${rule}`),
      ["warning public-by-root"],
    );
  });

  it("writes a TOKEN authorizer for each level in use, and no other", () => {
    const { definition } = run(get({}), { access: { default: "create" } });
    assert.deepEqual(at(definition, ["components", "securitySchemes"]), {
      "create-authorizer": {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: targets.authorizers.create.uri,
          authorizerResultTtlInSeconds: 300,
        },
      },
    });
    assert.equal(run(get({}), { access: { default: "public" } }).definition.components, undefined);
  });

  it("never puts an authorizer on OPTIONS", () => {
    const value = spec({ "/a": { options: { responses: RESPONSES } } });
    assert.deepEqual(accessOf(value), ["public"]);
  });

  it("refuses a level that nobody defined, and keeps the operation closed", () => {
    const settings = { access: { rules: { "GET /things": "raed" } } };
    assert.deepEqual(errors(get({}), settings), ["unknown-access-level"]);
    assert.deepEqual(accessOf(get({}), settings), ["raed"]);
  });
});
