import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import { adopt, check, compile, diff, loadValue, routesOf } from "../../../openapi";
import { placeholderTargets } from "../../../openapi/compile/placeholders";
import { AUTHORIZER, definition, method, NOT_FOUND, RESPONSES, spec, VPC } from "../documents";

import { arn, FOREIGN, INTEGRATION, roundTrip, sameGateway } from "./support";

describe("adopting someone else's gateway", () => {
  it("gives the same gateway back when it is compiled", () =>
    sameGateway(loadValue(structuredClone(FOREIGN))));

  it("writes a spec without a word of AWS", () => {
    const { text } = roundTrip(loadValue(structuredClone(FOREIGN)));
    assert.ok(!text.includes("x-amazon"), text);
    assert.match(text, /pool:\n\s+- pets\/write/);
  });

  it("keeps what is needed of the plain parts", () => {
    const { spec: plain } = roundTrip(loadValue(structuredClone(FOREIGN)));
    assert.deepEqual(
      at(plain, ["paths", "/pets", "get", "responses", "200", "content", "application/json", "schema"]),
      { $ref: "#/components/schemas/Pets" },
    );
    assert.equal(at(plain, ["paths", "/{proxy+}"]), undefined);
  });
});

describe("adopting what is not the export of a REST API", () => {
  const document = (path: string, more: JsonObject = {}) =>
    loadValue(
      JSON.parse(JSON.stringify({ ...spec({}, more), paths: JSON.parse(`{${JSON.stringify(path)}: {}}`) })),
    );
  const withMethod = (path: string) => {
    const value = document(path);
    Object.values(value.root.paths as JsonObject).forEach((item) => {
      (item as JsonObject).get = method("GET", "/a");
    });
    return value;
  };

  for (const path of ["__proto__", "things"]) {
    it(`refuses the path ${path} in one sentence, and leaves JavaScript's objects alone`, () => {
      assert.throws(() => adopt(withMethod(path)), /A resource path starts with a slash/);
      assert.equal(({} as JsonObject).get, undefined);
    });
  }

  it("does not fall over a map that has its own toString", () => {
    const odd = { toString: 1 };
    const value = definition("/a", {
      get: {
        ...method(
          "GET",
          "/a",
          { type: odd, httpMethod: odd, payloadFormatVersion: odd },
          { operationId: odd },
        ),
        security: [{ x: [odd] }],
      },
    });
    const load = () => loadValue(structuredClone({ ...value, info: { title: odd, version: odd } }));
    assert.ok(check(load()).some(({ rule }) => rule === "integration-type"));
    adopt(load());
    compile(load(), {}, placeholderTargets({}));
    diff(load(), load());
  });

  it("has one sentence for an HTTP API", () => {
    const exported = document("/$default", { "x-amazon-apigateway-importexport-version": "1.0" });
    assert.deepEqual(
      check(exported).map(({ rule }) => rule),
      ["http-api"],
    );
    assert.throws(() => adopt(exported), /This is an HTTP API \(v2\)/);
  });

  it("lists what is lost of models and of undeclared security", () => {
    const value = definition(
      "/a",
      { get: method("GET", "/a", {}, { security: [{ auth: [] }] }) },
      {
        components: {
          schemas: { Thing: { type: "integer", minimum: 1, exclusiveMinimum: true, format: "int32" } },
        },
      },
    );
    assert.deepEqual(adopt(loadValue(value)).differences, [
      "GET /a: the security scheme auth is not declared, the access is the default",
      "model Thing: without exclusiveMinimum",
    ]);
  });

  it("reports a function of CloudFormation, in the export and in settings", () => {
    const uri = { "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/x" };
    const value = definition("/a", { get: method("GET", "/a", { type: "aws_proxy", uri }) });
    const { findings, settings, spec: plain } = adopt(loadValue(value));
    assert.ok(
      findings.some(({ rule, operation }) => rule === "cloudformation-function" && operation === "GET /a"),
    );
    const compiled = compile(loadValue(plain), settings, placeholderTargets(settings));
    assert.deepEqual(
      compiled.findings.filter(({ level }) => level === "error").map(({ rule }) => rule),
      ["settings-refused"],
    );
    assert.match(compiled.findings[0]?.message ?? "", /uri is Fn::Sub/);
  });
});

describe("adopting a gateway of this kind", () => {
  const levels = {
    components: {
      securitySchemes: { "Example-Read-Group-Authorizer": AUTHORIZER, "Data-Admin": { ...AUTHORIZER } },
    },
  };
  const ours = () =>
    loadValue(
      definition(
        "/things/{id}",
        {
          get: method(
            "GET",
            "/things/{id}",
            { timeoutInMillis: 60_000 },
            { security: [{ "Example-Read-Group-Authorizer": [] }] },
          ),
          delete: method(
            "DELETE",
            "/things/{id}",
            { uri: `${VPC}/remove/{id}` },
            { security: [{ "Data-Admin": [] }] },
          ),
          put: method("PUT", "/things/{id}"),
        },
        structuredClone(levels),
      ),
    );

  it("finds levels, timeouts, backend paths and the 404 function", () => {
    const { settings } = adopt(ours());
    assert.deepEqual(settings.access?.rules, {
      "GET /things/{id}": "read",
      "DELETE /things/{id}": "data-admin",
      "PUT /things/{id}": "public",
    });
    assert.deepEqual(settings.timeoutMs, { rules: { "GET /things/{id}": 60_000 } });
    assert.deepEqual(settings.backendPaths, { "DELETE /things/{id}": "/remove/{id}" });
    assert.deepEqual(settings.catchAll, { uri: NOT_FOUND[INTEGRATION].uri });
    assert.deepEqual([settings.options, settings.methods], [undefined, undefined]);
  });

  it("calls the program's own functions once there are some", () => {
    const { spec: plain, settings } = adopt(ours());
    const own = {
      read: { uri: "arn:own-read", ttlSeconds: 0 },
      "data-admin": { uri: "arn:own-admin", ttlSeconds: 0 },
    };
    const { routes, definition: made } = compile(loadValue(plain), settings, {
      authorizers: own,
      notFound: { uri: arn("own-404") },
    });
    assert.deepEqual(
      routes
        .map(({ access }) => access)
        .slice(0, 4)
        .sort(),
      ["data-admin", "public", "public", "read"],
    );
    assert.deepEqual(Object.keys(at(made, ["components", "securitySchemes"]) as object), [
      "read-authorizer",
      "data-admin-authorizer",
    ]);
    assert.ok(!JSON.stringify(made).includes("function:read/"));
  });

  it("gives the same gateway back when it is compiled", () => sameGateway(ours()));

  it("knows a Django backend by its slashes", () => {
    const django = loadValue(
      definition("/a", { get: method("GET", "/a/"), options: method("OPTIONS", "/a/") }),
    );
    assert.deepEqual(
      [adopt(django).settings.trailingSlash, adopt(django).settings.backendPaths],
      [true, undefined],
    );
    sameGateway(django);
  });

  it("keeps the root's security on the methods that it keeps whole, and takes it off where that is asked for", () => {
    const mock = { responses: RESPONSES, [INTEGRATION]: { type: "mock" } };
    const value = spec(
      {
        "/a": { get: method("GET", "/a"), options: mock, "x-amazon-apigateway-any-method": mock },
        "/b": { get: method("GET", "/b"), options: method("OPTIONS", "/b") },
      },
      { security: [{ token: [] }], components: { securitySchemes: { token: AUTHORIZER } } },
    );
    const accessOf = (fix: string[]) =>
      routesOf(roundTrip(loadValue(structuredClone(value)), fix).compiled).map(
        (route) => `${route.method} ${route.path} ${route.access}`,
      );
    assert.deepEqual(accessOf([]).sort(), [
      "ANY /a token",
      "GET /a token",
      "GET /b token",
      "OPTIONS /a token",
      "OPTIONS /b token",
    ]);
    assert.deepEqual(
      accessOf(["options-authorizer"]).filter((route) => route.startsWith("OPTIONS")),
      ["OPTIONS /a public", "OPTIONS /b public"],
    );
  });

  it("keeps what a cache goes by, also where only path parameters are its keys", () => {
    const cache = { cacheNamespace: "things", cacheKeyParameters: ["method.request.path.id"] };
    sameGateway(loadValue(definition("/a/{id}", { get: method("GET", "/a/{id}", cache) })));
  });

  it("is not fooled by one slash among paths without", () => {
    const mixed = loadValue(
      spec({ "/a": { get: method("GET", "/a/") }, "/b": { get: method("GET", "/b") } }),
    );
    assert.equal(adopt(mixed).settings.trailingSlash, undefined);
    sameGateway(mixed);
  });
});
