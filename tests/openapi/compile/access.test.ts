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

  describe("that the spec demands and the levels do not distinguish", () => {
    const schemes = { components: { securitySchemes: { oidc: { type: "http", scheme: "bearer" } } } };
    const demand = (...scopes: string[]) => ({ responses: RESPONSES, security: [{ oidc: scopes }] });
    const found = (value: JsonObject, access: CompileSettings["access"] = {}) =>
      run(value, { access }).findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`);
    const admin = spec({ "/a": { get: demand("admin:all") } }, schemes);
    const items = spec({ "/a": { get: demand(), post: demand(), delete: demand() } }, schemes);

    it("is a warning for scopes of a scheme without a level", () => {
      assert.deepEqual(found(admin), [
        "warning unenforced-scopes: The scopes admin:all of GET /a are not enforced, the access is read; write an access rule.",
      ]);
      const root = spec({ "/a": ok }, { ...schemes, security: [{ oidc: ["all"] }] });
      assert.match(found(root).join(), /The scopes all of GET \/a are not enforced/);
    });

    it("is one warning for each set of scopes, however many operations demand it", () => {
      const paths = Array.from({ length: 100 }, (_, i) => [`/p${i}`, { get: demand("a", "b") }]);
      assert.deepEqual(
        found(spec({ ...Object.fromEntries(paths), "/last": { get: demand("c") } }, schemes)),
        [
          "warning unenforced-scopes: The scopes a, b of GET /p0, GET /p1, GET /p2, GET /p3, GET /p4 and 95 more are not enforced, the access is read; write an access rule.",
          "warning unenforced-scopes: The scopes c of GET /last are not enforced, the access is read; write an access rule.",
        ],
      );
    });

    it("is not a finding with an access rule, or a level for the scheme", () => {
      assert.deepEqual(found(admin, { rules: { "GET /a": "data-admin" } }), []);
      assert.deepEqual(found(admin, { schemes: { oidc: "create" } }), []);
    });

    it("looks only at the alternative that decides the level", () => {
      const alternatives = get({ security: [{ oidc: ["all"] }, { create: [] }] }, "/a", schemes);
      assert.deepEqual(found(alternatives), []);
      const together = get({ security: [{ oidc: ["all"], create: [] }] }, "/a", schemes);
      assert.match(
        found(together).join(),
        /The scopes all of GET \/a are not enforced, the access is create/,
      );
    });

    it("is a warning for writes with the level of the reads", () => {
      assert.deepEqual(found(items), [
        "warning writes-like-reads: 2 writes (POST, PUT, PATCH, DELETE) have the level of the reads: read. No security scheme of the spec is mapped to a level; write access rules, or map a scheme (`access.schemes`). The writes: POST /a, DELETE /a.",
      ]);
      assert.match(found(items, { rules: { "POST /a": "create" } }).join(), /: 1 write has .* DELETE \/a\.$/);
    });

    it("is not a finding for writes with rules, a mapped scheme, or reads of another level", () => {
      const rules = { "POST /a": "create", "DELETE /a": "read" };
      assert.deepEqual(found(items, { rules }), []);
      assert.deepEqual(found(items, { schemes: { oidc: "read" } }), []);
      assert.deepEqual(found(items, { rules: { "GET /a": "public" } }), []);
      assert.deepEqual(found(spec({ "/a": { ...ok, post: ok.get } })), []);
    });
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
