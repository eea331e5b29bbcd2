import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { at, type JsonObject, ownObject } from "../../lib/json";
import { projectRoot } from "../../lib/project-root";
import {
  adopt,
  check,
  compile,
  loadDocument,
  loadText,
  loadValue,
  routesOf,
  type SpecDocument,
} from "../../openapi";
import { FIXES } from "../../openapi/adopt/fixes";
import { normalIntegration } from "../../openapi/adopt/normal";
import { placeholderTargets } from "../../openapi/compile/placeholders";
import { AUTHORIZER, definition, method, NOT_FOUND, RESPONSES, spec, VPC } from "./documents";

const INTEGRATION = "x-amazon-apigateway-integration";
const arn = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
const lambda = (name: string, more: JsonObject = {}) => ({
  type: "aws_proxy",
  httpMethod: "POST",
  uri: arn(name),
  passthroughBehavior: "when_no_match",
  ...more,
});

/** A gateway with everything that a plain spec can't say. */
const FOREIGN: JsonObject = {
  openapi: "3.0.1",
  info: { title: "foreign", version: "2024-01-01T00:00:00Z" },
  servers: [
    {
      url: "https://abc.execute-api.us-east-1.amazonaws.com/{basePath}",
      variables: { basePath: { default: "/live" } },
    },
  ],
  paths: {
    "/pets": {
      get: {
        parameters: [{ name: "type", in: "query", schema: { type: "string" } }],
        responses: {
          "200": {
            description: "200 response",
            headers: { "Access-Control-Allow-Origin": { schema: { type: "string" } } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Pets" } } },
          },
        },
        "x-amazon-apigateway-request-validator": "params",
        [INTEGRATION]: {
          type: "http",
          httpMethod: "GET",
          uri: "https://petstore.example.org/pets",
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.Access-Control-Allow-Origin": "'*'" },
            },
          },
          requestParameters: { "integration.request.querystring.type": "method.request.querystring.type" },
          passthroughBehavior: "when_no_match",
        },
      },
      post: {
        responses: RESPONSES,
        security: [{ pool: ["pets/write"] }],
        [INTEGRATION]: lambda("create-pet", { contentHandling: "CONVERT_TO_TEXT" }),
      },
      options: {
        responses: {
          "200": {
            description: "200 response",
            headers: { "Access-Control-Allow-Methods": { schema: { type: "string" } } },
          },
        },
        [INTEGRATION]: {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.Access-Control-Allow-Methods": "'GET'" },
            },
          },
        },
      },
    },
    "/pets/{id}": {
      get: { responses: RESPONSES, security: [{ guard: [], api_key: [] }], [INTEGRATION]: lambda("get-pet") },
      delete: {
        responses: RESPONSES,
        security: [{ api_key: [] }],
        [INTEGRATION]: {
          type: "aws",
          httpMethod: "POST",
          uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue",
          credentials: "arn:aws:iam::123456789012:role/r",
          requestTemplates: { "application/json": "Action=SendMessage" },
        },
      },
      put: {
        responses: RESPONSES,
        "x-amazon-apigateway-auth": { type: "AWS_IAM" },
        [INTEGRATION]: lambda("put-pet", { timeoutInMillis: 3000 }),
      },
    },
    "/health": {
      get: {
        responses: RESPONSES,
        [INTEGRATION]: { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' } },
      },
    },
    "/backend/{id}": {
      get: method("GET", "/backend/{id}", {
        connectionId: "abc123",
        uri: "http://internal.example.org/x/{id}",
      }),
      put: method("PUT", "/backend/{id}", { timeoutInMillis: 60_000 }),
    },
    "/{proxy+}": {
      "x-amazon-apigateway-any-method": {
        parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
        responses: {},
        security: [{ pool: [] }],
        [INTEGRATION]: lambda("monolith", {
          cacheNamespace: "x1y2z3",
          cacheKeyParameters: ["method.request.path.proxy"],
        }),
      },
    },
  },
  components: {
    schemas: { Pets: { type: "array", items: { type: "object" } } },
    securitySchemes: {
      pool: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
          type: "cognito_user_pools",
          providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x"],
        },
      },
      guard: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: arn("guard"),
          identitySource: "method.request.header.A, method.request.querystring.b",
          authorizerResultTtlInSeconds: 60,
        },
      },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    },
  },
  "x-amazon-apigateway-request-validators": {
    params: { validateRequestBody: false, validateRequestParameters: true },
  },
  "x-amazon-apigateway-binary-media-types": ["image/png"],
  "x-amazon-apigateway-gateway-responses": {
    DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.X": "'y'" } },
  },
  "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [] },
  "x-amazon-apigateway-api-key-source": "HEADER",
};

/** Writes what adopt made as YAML, reads and compiles it as the command line does. */
function roundTrip(document: SpecDocument, fix: string[] = []) {
  const adoption = adopt(document, { fix });
  const text = stringify(adoption.spec, { aliasDuplicateObjects: false });
  const compiled = compile(
    loadText(text, "spec.yaml"),
    adoption.settings,
    placeholderTargets(adoption.settings),
  );
  return {
    ...adoption,
    text,
    compiled: compiled.definition,
    errors: compiled.findings.filter(({ level }) => level === "error"),
  };
}

function gatewayOf(value: JsonObject) {
  const integrations = Object.entries(ownObject(value, "paths") ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, JsonObject>).map(([key, operation]) => [
      `${key} ${path}`,
      {
        integration: comparable(operation[INTEGRATION] as JsonObject),
        security: operation.security ?? [],
        validator: operation["x-amazon-apigateway-request-validator"],
        auth: operation["x-amazon-apigateway-auth"],
      },
    ]),
  );
  return {
    routes: routesOf(value)
      .map(({ method, path, access, integration }) => `${method} ${path} ${access} ${integration}`)
      .sort(),
    methods: Object.fromEntries(integrations),
    authorizers: at(value, ["components", "securitySchemes"]),
    extensions: Object.fromEntries(Object.entries(value).filter(([key]) => key.startsWith("x-"))),
  };
}

/** What the 404 function answers is one text, whatever `contentHandling` and the cache's keys say. */
function comparable(value: JsonObject): JsonObject {
  const normal = normalIntegration(value);
  const { contentHandling: _, cacheNamespace: __, cacheKeyParameters: ___, ...rest } = normal;
  return /404|not-found/.test(String(rest.uri)) ? rest : normal;
}

function sameGateway(before: SpecDocument): void {
  const was = JSON.parse(JSON.stringify(before.root));
  const { compiled, differences, errors } = roundTrip(before);
  assert.deepEqual([differences, errors], [[], []]);
  assert.deepEqual(gatewayOf(JSON.parse(JSON.stringify(compiled))), gatewayOf(was));
}

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

describe("the hand errors", () => {
  const crossed = {
    "integration.request.path.a": "method.request.path.b",
    "integration.request.path.b": "method.request.path.a",
  };
  const template = {
    UNAUTHORIZED: {
      statusCode: 401,
      responseTemplates: { "application/json": '{"message": "$context.error.message"}' },
    },
  };
  const both = { components: { securitySchemes: { read: AUTHORIZER } } };
  const cases: Record<string, JsonObject> = {
    "uri-path": definition("/a", { get: method("GET", "/b") }),
    "options-uri-path": definition("/a", { get: method("GET", "/a"), options: method("OPTIONS", "/b") }),
    "http-not-proxy": definition("/a", { get: method("GET", "/a", { type: "http" }) }),
    "method-differs": definition("/a", { get: method("POST", "/a") }),
    "lambda-method": definition("/a", {
      get: { responses: RESPONSES, [INTEGRATION]: lambda("x", { httpMethod: "GET" }) },
    }),
    "connection-id": definition("/a", { get: method("GET", "/a", { connectionId: "" }) }),
    "connection-type": definition("/a", { get: method("GET", "/a", { connectionType: "INTERNET" }) }),
    "unmapped-variable": definition("/a/{id}", { get: method("GET", "/a/{id}", { requestParameters: {} }) }),
    "unused-mapping": definition("/a/{id}", { get: method("GET", "/a/{id}", { uri: `${VPC}/a` }) }),
    "crossed-mapping": definition("/a/{a}/{b}", {
      get: method("GET", "/a/{a}/{b}", { requestParameters: crossed }),
    }),
    "options-authorizer": definition(
      "/a",
      { get: method("GET", "/a"), options: method("OPTIONS", "/a", {}, { security: [{ read: [] }] }) },
      both,
    ),
    "proxy-response-mapping": definition("/a", {
      get: method("GET", "/a", {
        responses: {
          default: { statusCode: "200", responseParameters: { "method.response.header.A": "'*'" } },
        },
      }),
    }),
    "missing-options": spec({
      "/a": { get: method("GET", "/a") },
      "/{proxy+}": { "x-amazon-apigateway-any-method": NOT_FOUND },
      "/": { "x-amazon-apigateway-any-method": NOT_FOUND },
    }),
    "missing-catch-all": spec({ "/a": { get: method("GET", "/a"), options: method("OPTIONS", "/a") } }),
    "gateway-response-quotes": definition(
      "/a",
      { get: method("GET", "/a") },
      { "x-amazon-apigateway-gateway-responses": template },
    ),
  };

  it("that can be mended all have a case here", () =>
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(FIXES).sort()));

  for (const [rule, value] of Object.entries(cases)) {
    it(`${rule} is reported and kept, and gone after --fix ${rule}`, () => {
      const kept = adopt(loadValue(structuredClone(value)));
      assert.ok(kept.findings.some((finding) => finding.rule === rule && finding.fixable));
      sameGateway(loadValue(structuredClone(value)));
      const { compiled, fixed, differences } = roundTrip(loadValue(structuredClone(value)), [rule]);
      assert.deepEqual([fixed[0]?.rule, differences], [rule, []]);
      assert.ok(!check(loadValue(compiled)).some((finding) => finding.rule === rule));
    });
  }

  it("are mended in one operation alone where that is asked for", () => {
    const value = spec({ "/a": { get: method("GET", "/b") }, "/c": { get: method("GET", "/d") } });
    const { settings, fixed } = adopt(loadValue(value), { fix: ["uri-path:GET /a"] });
    assert.deepEqual([fixed.length, settings.backendPaths], [1, { "GET /c": "/d" }]);
  });

  it("are not invented where there are none", () => {
    assert.deepEqual(adopt(loadValue(definition("/a/{id}", { get: method("GET", "/a/{id}") }))).findings, []);
  });
});

const DATA = join(projectRoot, "../shared/data/hubmap");

describe("the production export of the reference data", () => {
  before(function () {
    if (existsSync(join(DATA, "entity-api-export.yaml"))) return;
    console.log("    skipped: ../shared/data/hubmap is not there");
    this.skip();
  });

  const load = () => loadDocument(join(DATA, "entity-api-export.yaml"));

  it("comes back as the same gateway: 111 routes, three authorizers, 23 long timeouts", () => {
    sameGateway(load());
    const { compiled } = roundTrip(load());
    assert.equal(routesOf(compiled).length, 111);
    assert.equal((JSON.stringify(compiled).match(/"timeoutInMillis":60000/g) ?? []).length, 23);
  });

  it("holds the hand errors that a reader finds", () => {
    const found = adopt(load()).findings.map(
      ({ rule, message }) => `${rule}: ${message.split(" ").slice(0, 2).join(" ")}`,
    );
    for (const one of [
      "options-uri-path: OPTIONS /entities/multiple-samples/{count}",
      "uri-path: GET /entities/dataset/globus-url/{id}",
      "uri-path: GET /dataset/globus-url/{id}",
      "missing-options: /usergroups has",
      "public-write: PUT /datasets",
      "weak-write: DELETE /flush-cache/{id}",
    ]) {
      assert.ok(found.includes(one), one);
    }
  });

  it("gives the team's own spec its routing table by the settings, for every route that both have", () => {
    const { settings } = adopt(load(), { fix: ["missing-options", "options-uri-path"] });
    const document = loadDocument(join(DATA, "entity-api-spec.yaml"));
    const { routes, findings } = compile(document, settings, placeholderTargets(settings));
    const key = ({ method: name, path }: { method: string; path: string }) =>
      `${name} ${path.replaceAll(/\{[^}+]*\}/g, "{}")}`;
    const row = (route: { access: string; integration: string }) =>
      `${route.access} ${route.integration.replaceAll(/\{[^}$]*\}$/g, "{}").replaceAll(/\/\{[^}]*\}/g, "/{}")}`;
    const production = new Map(routesOf(load().root).map((route) => [key(route), row(route)]));
    const shared = routes.filter((route) => production.has(key(route)));
    assert.ok(shared.length > 50, String(shared.length));
    const differing = shared.filter((route) => production.get(key(route)) !== row(route)).map(key);
    assert.deepEqual(differing, ["OPTIONS /entities/multiple-samples/{}"]);
    assert.deepEqual(
      [...new Set(findings.map(({ rule }) => rule))],
      ["optional-security", "settings-rule-unmatched"],
    );
  });
});
