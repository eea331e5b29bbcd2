import assert from "node:assert/strict";
import { at, type JsonObject } from "../../lib/json";
import { check, compile, loadText, loadValue } from "../../openapi";
import { placeholderTargets } from "../../openapi/compile/placeholders";
import { RULES, type RuleId } from "../../openapi/rest-api/rules";
import {
  AUTHORIZER,
  definition,
  get,
  integration,
  method,
  NOT_FOUND,
  RESPONSES,
  schema,
  spec,
  VPC,
} from "./documents";

interface Row {
  refused: JsonObject;
  accepted: JsonObject;
}

const INTEGRATION = "x-amazon-apigateway-integration";
const ok = { get: { responses: RESPONSES } };
const query = (name: string, more: JsonObject = {}) => ({
  name,
  in: "query",
  schema: { type: "string" },
  ...more,
});
const path = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const parameters = (...list: JsonObject[]) => get({ parameters: list });
const schemes = (value: JsonObject) => ({ components: { securitySchemes: value } });
const many = (count: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`/${prefix}${index}`, ok]));
const authorizers = (count: number) =>
  schemes(Object.fromEntries(Array.from({ length: count }, (_, index) => [`level${index}`, AUTHORIZER])));
const content = (type: string, value: unknown = { type: "object" }) => ({
  content: { [type]: { schema: value } },
});
const respond = (response: JsonObject) =>
  get({ responses: { "200": { description: "The answer", ...response } } });
/** A definition whose only method is GET on the path, with this laid over its integration */
const call = (overlay: JsonObject, route = "/things/{id}", more: JsonObject = {}) =>
  definition(route, { get: method("GET", route, overlay, more) });
const both = schemes({ read: AUTHORIZER, create: AUTHORIZER });
const guarded = (name: string) => ({ security: [{ [name]: [] }] });
const template = (text: string) =>
  definition(
    "/things",
    { get: method("GET", "/things") },
    {
      "x-amazon-apigateway-gateway-responses": {
        UNAUTHORIZED: { responseTemplates: { "application/json": text } },
      },
    },
  );
const lambda = NOT_FOUND[INTEGRATION].uri;

const TABLE: Record<RuleId, Row> = {
  "openapi-version": { refused: { ...spec({}), openapi: "3.1.0" }, accepted: spec({}) },
  "definition-size": { refused: spec({}), accepted: spec({}) },
  "resource-quota": { refused: spec(many(300, "p")), accepted: spec(many(299, "p")) },
  "authorizer-quota": { refused: spec({}, authorizers(11)), accepted: spec({}, authorizers(10)) },
  "base-path": {
    refused: spec({}, { servers: [{ url: "https://example.org/v3" }] }),
    accepted: spec({}, { servers: [{ url: "https://example.org/" }] }),
  },
  "several-servers": {
    refused: spec({}, { servers: [{ url: "https://a.example.org" }, { url: "https://b.example.org" }] }),
    accepted: spec({}, { servers: [{ url: "https://a.example.org" }] }),
  },
  webhooks: { refused: spec({}, { webhooks: {} }), accepted: spec({}) },
  "root-security": {
    refused: spec({}, { security: [{ key: [] }], ...schemes({ key: AUTHORIZER }) }),
    accepted: spec({}, { security: [] }),
  },
  "security-scheme-type": {
    refused: spec({}, schemes({ login: { type: "http", scheme: "bearer" } })),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "missing-security-scheme": {
    refused: get({ security: [{ login: [] }] }),
    accepted: get({ security: [{ login: [] }] }, "/things", schemes({ login: AUTHORIZER })),
  },
  "wrong-structure": { refused: spec({ "/a": { get: { parameters: 5 } } }), accepted: spec({ "/a": ok }) },
  "missing-reference": {
    refused: get({ parameters: [{ $ref: "#/components/parameters/Id" }] }),
    accepted: get({ parameters: [{ $ref: "#/components/parameters/Id" }] }, "/things", {
      components: { parameters: { Id: query("id") } },
    }),
  },
  "path-start": { refused: spec({ things: ok }), accepted: spec({ "/things": ok }) },
  "path-segment": { refused: spec({ "/a b": ok }), accepted: spec({ "/a:b,c.d_e-f": ok }) },
  "partial-variable": { refused: spec({ "/a/{id}.json": ok }), accepted: spec({ "/a/{id}": ok }) },
  "path-variable-name": { refused: spec({ "/a/{an id}": ok }), accepted: spec({ "/a/{an-id}": ok }) },
  "sibling-variable": {
    refused: spec({ "/a/{id}": ok, "/a/{name}/b": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{id}/b": ok, "/b/{name}": ok }),
  },
  "sibling-greedy": {
    refused: spec({ "/a/{id}": ok, "/a/{proxy+}": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{id}/{proxy+}": ok }),
  },
  "greedy-child": { refused: spec({ "/{proxy+}/a": ok }), accepted: spec({ "/a/{proxy+}": ok }) },
  "duplicate-path": {
    refused: spec({ "/a/{id}": ok, "/a/{name}": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{name}": { put: ok.get } }),
  },
  "trailing-slash": { refused: spec({ "/a/": ok }), accepted: spec({ "/a": ok, "/": ok }) },
  "reserved-path": { refused: spec({ "/ping": ok }), accepted: spec({ "/a/ping": ok }) },
  "trace-method": { refused: spec({ "/a": { trace: ok.get } }), accepted: spec({ "/a": ok }) },
  "operation-id": {
    refused: spec({
      "/a": { get: { ...ok.get, operationId: "x" } },
      "/b": { get: { ...ok.get, operationId: "x" } },
    }),
    accepted: spec({
      "/a": { get: { ...ok.get, operationId: "x" } },
      "/b": { get: { ...ok.get, operationId: "y" } },
    }),
  },
  "parameter-name": { refused: parameters(query("filter[a]")), accepted: parameters(query("filter.a")) },
  "parameter-unique": {
    refused: parameters(query("id"), { ...query("id"), in: "header" }),
    accepted: parameters(query("id"), { ...query("X-Id"), in: "header" }),
  },
  "cookie-parameter": {
    refused: parameters({ ...query("session"), in: "cookie" }),
    accepted: parameters(query("session")),
  },
  "parameter-place": { refused: parameters({ ...query("a"), in: "body" }), accepted: parameters(query("a")) },
  "undeclared-variable": {
    refused: get({}, "/things/{id}"),
    accepted: get({ parameters: [path("id")] }, "/things/{id}"),
  },
  "unused-path-parameter": {
    refused: parameters(path("id")),
    accepted: get({ parameters: [path("id")] }, "/things/{id}"),
  },
  "parameter-attributes": {
    refused: parameters(query("a", { example: "x" })),
    accepted: parameters(query("a", { description: "x" })),
  },
  "body-on-get": {
    refused: get({ requestBody: content("application/json") }),
    accepted: spec({ "/a": { post: { ...ok.get, requestBody: content("application/json") } } }),
  },
  "missing-responses": { refused: get({ responses: {} }), accepted: get({}) },
  "response-range": { refused: get({ responses: { "2XX": { description: "x" } } }), accepted: get({}) },
  "response-status": { refused: get({ responses: { ok: { description: "x" } } }), accepted: get({}) },
  "media-type": { refused: respond(content("*/*")), accepted: respond(content("application/json")) },
  callbacks: { refused: get({ callbacks: {} }), accepted: get({}) },
  links: { refused: respond({ links: {} }), accepted: respond({}) },
  "model-name": { refused: schema({ type: "object" }, "A_b"), accepted: schema({ type: "object" }, "Ab1") },
  "empty-model": { refused: schema({ description: "x" }), accepted: schema({ type: "object" }) },
  "reference-place": {
    refused: respond(content("application/json", { $ref: "#/paths" })),
    accepted: schema({ properties: { inner: { $ref: "#/components/schemas/Thing" } } }),
  },
  "schema-boolean": { refused: schema({ items: true }), accepted: schema({ items: {} }) },
  "schema-type": { refused: schema({ type: "file" }), accepted: schema({ type: "string" }) },
  "type-array": { refused: schema({ type: ["string", "integer"] }), accepted: schema({ type: "string" }) },
  nullable: {
    refused: schema({ type: "string", nullable: true }),
    accepted: schema({ type: "string", nullable: false }),
  },
  "exclusive-bound": { refused: schema({ exclusiveMinimum: 1 }), accepted: schema({ minimum: 1 }) },
  discriminator: {
    refused: schema({ oneOf: [{ type: "string" }], discriminator: { propertyName: "a" } }),
    accepted: schema({ oneOf: [{ type: "string" }] }),
  },
  "schema-keyword": {
    refused: schema({ type: "object", patternProperties: {} }),
    accepted: schema({ type: "object", properties: {} }),
  },
  "schema-const": {
    refused: schema({ type: "string", const: "a" }),
    accepted: schema({ type: "string", enum: ["a"] }),
  },
  "schema-value": {
    refused: schema({ type: "string", minLength: "3" }),
    accepted: schema({ type: "string", minLength: 3 }),
  },
  "schema-pattern": {
    refused: schema({ type: "string", pattern: "(?i)^abc$" }),
    accepted: schema({ type: "string", pattern: "^abc$" }),
  },
  "enum-duplicates": { refused: schema({ enum: ["a", "a"] }), accepted: schema({ enum: ["a", "b"] }) },
  "required-in-property": {
    refused: schema({ properties: { a: { type: "string", required: true } } }),
    accepted: schema({ properties: { a: { type: "string" } }, required: ["a"] }),
  },
  required: {
    refused: schema({ type: "object", required: [] }),
    accepted: schema({ type: "object", required: ["a"] }),
  },
  "array-items": { refused: schema({ type: "array" }), accepted: schema({ type: "array", items: {} }) },
  "reference-siblings": {
    refused: schema({ properties: { a: { $ref: "#/components/schemas/Thing", description: "x" } } }),
    accepted: schema({ properties: { a: { $ref: "#/components/schemas/Thing" } } }),
  },
  "schema-note": {
    refused: schema({ type: "string", readOnly: true }),
    accepted: schema({ type: "string" }),
  },
  "number-format": {
    refused: schema({ type: "integer", format: "int64" }),
    accepted: schema({ type: "string", format: "date" }),
  },
  "missing-integration": {
    refused: definition("/things", { get: { responses: RESPONSES } }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "integration-type": { refused: call({ type: "htp" }), accepted: call({ type: "HTTP_PROXY" }) },
  "http-not-proxy": {
    refused: call({ type: "http", responses: { default: { statusCode: "200" } } }),
    accepted: call({
      type: "http",
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": "{}" } } },
    }),
  },
  "integration-method": {
    refused: call({ httpMethod: "" }),
    accepted: call({ type: "mock", httpMethod: "" }),
  },
  "lambda-method": {
    refused: call({ type: "aws_proxy", httpMethod: "GET", uri: lambda }),
    accepted: call({ type: "aws_proxy", httpMethod: "POST", uri: lambda }),
  },
  "method-differs": { refused: call({ httpMethod: "POST" }), accepted: call({ httpMethod: "GET" }) },
  "connection-id": { refused: call({ connectionId: "" }), accepted: call({}) },
  "connection-type": { refused: call({ connectionType: "INTERNET" }), accepted: call({}) },
  "stage-variable": {
    refused: call({ uri: "http://${stageVariables.VPCLNB}/things/{id}" }),
    accepted: call({ uri: `${VPC}/things/{id}` }),
  },
  "integration-uri": {
    refused: call({ uri: "backend.example.org/things/{id}" }),
    accepted: call({ uri: "https://backend.example.org/things/{id}" }),
  },
  "uri-path": { refused: call({ uri: `${VPC}/other/{id}` }), accepted: call({ uri: `${VPC}/things/{id}/` }) },
  "options-uri-path": {
    refused: definition("/things", { options: method("OPTIONS", "/other") }),
    accepted: definition("/things", { options: method("OPTIONS", "/things") }),
  },
  "unmapped-variable": { refused: call({ requestParameters: {} }), accepted: call({}) },
  "unused-mapping": {
    refused: call({ uri: `${VPC}/things` }),
    accepted: call({}),
  },
  "crossed-mapping": {
    refused: call(
      {
        requestParameters: {
          "integration.request.path.a": "method.request.path.b",
          "integration.request.path.b": "method.request.path.a",
        },
      },
      "/things/{a}/{b}",
    ),
    accepted: call({}, "/things/{a}/{b}"),
  },
  "mapping-source": {
    refused: call({ requestParameters: { "integration.request.path.id": "method.request.path.name" } }),
    accepted: call({ requestParameters: { "integration.request.path.id": "context.requestId" } }),
  },
  "mapping-target": {
    refused: call({ requestParameters: { "integration.request.cookie.id": "'a'" } }),
    accepted: call({ requestParameters: { "integration.request.header.id": "'a'" } }),
  },
  "integration-status": {
    refused: call({ responses: { default: { statusCode: "99" } } }),
    accepted: call({ responses: { default: { statusCode: "599" } } }),
  },
  "template-content-type": {
    refused: call({ requestTemplates: { json: "{}" } }),
    accepted: call({ requestTemplates: { "application/json": "{}" } }),
  },
  "mapping-format": {
    refused: call({ requestParameters: { "integration.request.header.nothing": true } }),
    accepted: call({ requestParameters: { "integration.request.header.nothing": "'true'" } }),
  },
  "response-mapping": {
    refused: call({
      type: "mock",
      responses: {
        default: { statusCode: "200", responseParameters: { "method.response.header.Location": "'/'" } },
      },
    }),
    accepted: call(
      {
        type: "mock",
        responses: {
          default: { statusCode: "200", responseParameters: { "method.response.header.Location": "'/'" } },
        },
      },
      "/things/{id}",
      { responses: { "200": { description: "x", headers: { Location: { schema: { type: "string" } } } } } },
    ),
  },
  "proxy-response-mapping": {
    refused: call({
      responses: {
        default: { statusCode: "200", responseParameters: { "method.response.header.A": "'*'" } },
      },
    }),
    accepted: call({ responses: { default: { statusCode: "200" } } }),
  },
  "timeout-range": { refused: call({ timeoutInMillis: 49 }), accepted: call({ timeoutInMillis: 50 }) },
  "timeout-quota": {
    refused: call({ timeoutInMillis: 29_001 }),
    accepted: call({ timeoutInMillis: 29_000 }),
  },
  "options-authorizer": {
    refused: definition("/things", { options: method("OPTIONS", "/things", {}, guarded("read")) }, both),
    accepted: definition("/things", { get: method("GET", "/things", {}, guarded("read")) }, both),
  },
  "missing-options": {
    refused: spec({ "/things": { get: method("GET", "/things") } }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "missing-catch-all": {
    refused: spec({
      "/things": { get: method("GET", "/things") },
      "/": { "x-amazon-apigateway-any-method": NOT_FOUND },
    }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "authorizer-definition": {
    refused: spec(
      {},
      schemes({ login: { ...AUTHORIZER, "x-amazon-apigateway-authorizer": { type: "token" } } }),
    ),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "public-write": {
    refused: definition(
      "/things",
      { get: method("GET", "/things", {}, guarded("read")), put: method("PUT", "/things") },
      both,
    ),
    accepted: definition("/things", { get: method("GET", "/things"), put: method("PUT", "/things") }, both),
  },
  "weak-write": {
    refused: definition(
      "/things",
      {
        get: method("GET", "/things", {}, guarded("read")),
        put: method("PUT", "/things", {}, guarded("read")),
        post: method("POST", "/things", {}, guarded("create")),
      },
      both,
    ),
    accepted: definition(
      "/things",
      {
        get: method("GET", "/things", {}, guarded("read")),
        put: method("PUT", "/things", {}, guarded("create")),
      },
      both,
    ),
  },
  "gateway-response-quotes": {
    refused: template('{"message": "$context.error.message"}'),
    accepted: template('{"message": $context.error.messageString}'),
  },
};

function rulesFoundIn(value: JsonObject): string[] {
  return check(loadValue(structuredClone(value))).map(({ rule }) => rule);
}

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
