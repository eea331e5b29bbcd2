import assert from "node:assert/strict";
import { importDefinition } from "../../gateway/rest-api/definition/import";
import { at, type JsonObject } from "../../lib/json";
import {
  type CompileSettings,
  check,
  compile,
  compileSettingsSchema,
  loadText,
  loadValue,
} from "../../openapi";
import { sizeOf } from "../../openapi/compile/quotas";
import { get, RESPONSES, schema, spec, VPC } from "./documents";

const targets = {
  authorizers: {
    read: { uri: "arn:read", ttlSeconds: 0 },
    create: { uri: "arn:create", ttlSeconds: 300 },
    "data-admin": { uri: "arn:data-admin", ttlSeconds: 0 },
  },
  notFound: {
    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:not-found/invocations",
  },
};
const INTEGRATION = "x-amazon-apigateway-integration";
const ok = { get: { responses: RESPONSES } };

function run(value: JsonObject, settings: CompileSettings = {}) {
  return compile(loadValue(structuredClone(value), "spec"), settings, targets);
}

function routes(value: JsonObject, settings: CompileSettings = {}): string[] {
  return run(value, settings).routes.map(
    ({ method, path, access, integration }) => `${method} ${path} ${access} ${integration.replace(VPC, "")}`,
  );
}

function errors(value: JsonObject, settings: CompileSettings = {}): string[] {
  return run(value, settings)
    .findings.filter(({ level }) => level === "error")
    .map(({ rule }) => rule);
}

function model(value: unknown, settings: CompileSettings = {}, more: JsonObject = {}): unknown {
  return at(run(schema(value, "Thing", more), settings).definition, ["components", "schemas", "Thing"]);
}

const pathParameters = (method: unknown) => at(method, [INTEGRATION, "requestParameters"]);

describe("compile: routes", () => {
  it("sends each operation to its path on the backend, OPTIONS beside it, the rest to the 404 function", () => {
    assert.deepEqual(routes(spec({ "/things/{id}": ok }), { access: { default: "public" } }), [
      "GET /things/{id} public http_proxy /things/{id}",
      "OPTIONS /things/{id} public http_proxy /things/{id}",
      "ANY / public aws_proxy not-found",
      "ANY /{proxy+} public aws_proxy not-found",
    ]);
  });

  it("writes a private integration over the stage's VPC link", () => {
    const { definition } = run(spec({ "/things/{id}": ok }), { timeoutMs: { default: 5000 } });
    assert.deepEqual(at(definition, ["paths", "/things/{id}", "get", INTEGRATION]), {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "http://${stageVariables.VPCNLB}/things/{id}",
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.VPCLINK}",
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 5000,
      requestParameters: { "integration.request.path.id": "method.request.path.id" },
    });
  });

  it("puts the catch-all below a variable at the root, where {proxy+} may not stand", () => {
    assert.deepEqual(
      routes(spec({ "/{index}/search": ok, "/status": ok }), { options: false }).filter((route) =>
        route.startsWith("ANY"),
      ),
      [
        "ANY / public aws_proxy not-found",
        "ANY /{index} public aws_proxy not-found",
        "ANY /{index}/{proxy+} public aws_proxy not-found",
      ],
    );
  });

  it("follows variables down to where a greedy one may stand", () => {
    const any = routes(spec({ "/{a}/{b}": ok }), { options: false }).filter((route) =>
      route.startsWith("ANY"),
    );
    assert.deepEqual(any.map((route) => route.split(" ")[1]).sort(), [
      "/",
      "/{a}",
      "/{a}/{b}",
      "/{a}/{b}/{proxy+}",
    ]);
  });

  it("shares the spec's own greedy variable", () => {
    const any = routes(spec({ "/{rest+}": ok })).filter((route) => route.startsWith("ANY"));
    assert.deepEqual(any.map((route) => route.split(" ")[1]).sort(), ["/", "/{rest+}"]);
  });

  it("adds no catch-all and no OPTIONS where the settings say so", () => {
    assert.deepEqual(routes(spec({ "/a": ok, "/b": ok }), { catchAll: false, options: { except: ["/a"] } }), [
      "GET /a read http_proxy /a",
      "GET /b read http_proxy /b",
      "OPTIONS /b public http_proxy /b",
    ]);
  });

  it("gives one name to the variables of a position, and the backend's own back", () => {
    const { definition, changes } = run(spec({ "/a/{id}": ok, "/a/{name}/b": ok }));
    assert.equal(at(definition, ["paths", "/a/{id}/b", "get", INTEGRATION, "uri"]), `${VPC}/a/{name}/b`);
    assert.deepEqual(pathParameters(at(definition, ["paths", "/a/{id}/b", "get"])), {
      "integration.request.path.name": "method.request.path.id",
    });
    assert.deepEqual(
      changes.filter(({ rule }) => rule === "sibling-variable").map(({ where }) => where),
      ["spec#/paths/~1a~1{name}~1b"],
    );
  });

  it("renames a variable that a query parameter is called like", () => {
    const parameters = [{ name: "id", in: "query", schema: { type: "string" } }];
    const { definition } = run(spec({ "/a/{id}": { get: { parameters, responses: RESPONSES } } }));
    assert.deepEqual(pathParameters(at(definition, ["paths", "/a/{id2}", "get"])), {
      "integration.request.path.id": "method.request.path.id2",
    });
  });

  it("merges paths that are one resource, and refuses what is one method of it", () => {
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{name}": { put: ok.get } })), []);
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{name}": ok })), ["duplicate-path"]);
  });

  for (const [path, rule] of [
    ["/a b", "path-segment"],
    ["/a?b=c", "path-segment"],
    ["/a//b", "path-segment"],
    ["/a/$b", "path-segment"],
    ["/a/{id}.json", "partial-variable"],
    ["/{proxy+}/a", "greedy-child"],
  ] as const) {
    it(`refuses ${path}, as check does`, () => {
      assert.deepEqual(errors(spec({ [path]: ok })), [rule]);
      assert.ok(check(loadValue(spec({ [path]: ok }))).some((finding) => finding.rule === rule));
    });
  }

  for (const [path, written] of [
    ["/a/{a:b}", "/a/{a:b}"],
    ["/a/{id:[0-9]+}", "/a/{id}"],
    ["/a/{an id}", "/a/{anid}"],
    ["/a/{a$b}", "/a/{ab}"],
    ["/a/{the rest+}", "/a/{therest+}"],
  ] as const) {
    it(`writes ${path} as ${written}, which the gateway serves`, () => {
      const { definition, findings } = run(spec({ [path]: ok }), { catchAll: false });
      assert.deepEqual([findings, Object.keys(definition.paths as object)], [[], [written]]);
      importDefinition(definition, { region: "us-east-1", accountId: "123456789012", partition: "aws" });
    });
  }

  it("refuses a path without its slash instead of mending it unsaid", () => {
    assert.deepEqual(errors(spec({ status: ok })), ["path-start"]);
  });

  it("refuses a variable beside a greedy one", () => {
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{rest+}": ok })), ["sibling-greedy"]);
  });

  it("keeps a trailing slash towards the backend only", () => {
    assert.deepEqual(routes(spec({ "/a/": ok }), { catchAll: false, options: false }), [
      "GET /a read http_proxy /a/",
    ]);
  });

  it("ends every backend path in a slash where the backend is Django's", () => {
    const list = routes(spec({ "/a/{id}": ok, "/": ok }), {
      trailingSlash: true,
      catchAll: false,
      options: false,
    });
    assert.deepEqual(
      list.map((route) => route.split(" ").at(-1)),
      ["/a/{id}/", "/"],
    );
  });

  it("leaves TRACE out with a warning", () => {
    const { findings, routes: table } = run(spec({ "/a": { trace: ok.get } }), { catchAll: false });
    assert.deepEqual(
      [table, findings.map(({ rule, level }) => `${level} ${rule}`)],
      [[], ["warning unsupported-method"]],
    );
  });

  it("refuses more than 300 resources unless the quota was raised", () => {
    const paths = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`/p${index}`, ok]));
    assert.deepEqual(errors(spec(paths)), ["resource-quota"]);
    assert.deepEqual(errors(spec(paths), { quotas: { resources: 400 } }), []);
  });
});

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
          authorizerUri: "arn:create",
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

describe("compile: models", () => {
  it("have names of letters and digits, with every reference following", () => {
    const { definition } = run(
      spec(
        {},
        {
          components: {
            schemas: {
              "My_thing.v1": { type: "object" },
              MyThingV1: { type: "string" },
              User: { properties: { a: { $ref: "#/components/schemas/My_thing.v1" } } },
            },
          },
        },
      ),
    );
    assert.deepEqual(at(definition, ["components", "schemas"]), {
      MyThingV12: { type: "object" },
      MyThingV1: { type: "string" },
      User: { properties: { a: { $ref: "#/components/schemas/MyThingV12" } } },
    });
  });

  for (const [what, from, to] of [
    ["nullable", { type: "string", nullable: true }, { type: "string" }],
    ["a type array with null", { type: ["string", "null"] }, { type: "string" }],
    ["a type array", { type: ["string", "integer"] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
    ["const", { const: "a" }, { enum: ["a"] }],
    ["null in an enum", { enum: ["a", null] }, { enum: ["a"] }],
    ["anyOf with null", { anyOf: [{ type: "string" }, { type: "null" }] }, { allOf: [{ type: "string" }] }],
    [
      "an exclusive bound of 3.1",
      { type: "integer", exclusiveMinimum: 3, minimum: 1 },
      { type: "integer", minimum: 3 },
    ],
    [
      "an exclusive bound of 3.0",
      { type: "integer", exclusiveMinimum: true, minimum: 1 },
      { type: "integer", minimum: 1 },
    ],
    [
      "notes",
      { type: "string", example: "a", readOnly: true, xml: {}, "x-a": 1, default: "b" },
      { type: "string" },
    ],
    ["number formats", { type: "integer", format: "int64" }, { type: "integer" }],
    ["other formats", { type: "string", format: "date-time" }, { type: "string", format: "date-time" }],
    ["an array without items", { type: "array" }, { type: "array", items: {} }],
    [
      "tuples",
      { type: "array", prefixItems: [{ type: "string" }], items: false },
      { type: "array", items: {} },
    ],
    [
      "true and false",
      { type: "object", properties: { a: true, b: false } },
      { type: "object", properties: { a: {}, b: { not: {} } } },
    ],
    [
      "pattern properties",
      { type: "object", patternProperties: { "^a": {} }, additionalProperties: false },
      { type: "object" },
    ],
    ["an empty required", { type: "object", required: [] }, { type: "object" }],
    [
      "a discriminator",
      { oneOf: [{ type: "string" }], discriminator: { propertyName: "a" } },
      { oneOf: [{ type: "string" }] },
    ],
    [
      "a property called __proto__",
      JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'),
      JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'),
    ],
  ] as const) {
    it(`say ${what} the way of draft 4`, () => assert.deepEqual(model(from), to));
  }

  it("never refuse a request that the API allows", () => {
    assert.deepEqual(
      model(
        { type: "object", properties: { a: { type: "string", nullable: true, description: "x" } } },
        { validate: "body" },
      ),
      {
        type: "object",
        properties: { a: { description: "x" } },
      },
    );
    const answered = {
      type: "object",
      required: ["id", "name"],
      properties: { id: { type: "string", readOnly: true }, name: { type: "string" } },
    };
    assert.deepEqual(at(model(answered, { validate: "body" }), ["required"]), ["name"]);
  });

  it("are made of schemas that stand elsewhere, when something refers to them", () => {
    const value = schema({
      type: "object",
      properties: { a: { type: "string" }, b: { $ref: "#/components/schemas/Thing/properties/a" } },
    });
    assert.deepEqual(at(run(value).definition, ["components", "schemas", "propertiesA"]), { type: "string" });
  });

  it("are not made of schemas that say nothing", () => {
    const value = spec(
      {},
      {
        components: {
          schemas: { Any: {}, Thing: { type: "array", items: { $ref: "#/components/schemas/Any" } } },
        },
      },
    );
    assert.deepEqual(at(run(value).definition, ["components", "schemas"]), {
      Thing: { type: "array", items: {} },
    });
  });

  it("report a reference that leads nowhere once", () => {
    const value = schema({
      properties: { a: { $ref: "#/components/schemas/No" }, b: { $ref: "#/components/schemas/No" } },
    });
    assert.deepEqual(errors(value), ["missing-reference"]);
  });

  for (const [what, value] of [
    ["a path", spec({ "/a": { $ref: "#/components/pathItems/No" } })],
    [
      "a parameter of a path",
      spec({ "/a": { parameters: [{ $ref: "#/components/parameters/No" }], ...ok } }),
    ],
    ["a parameter", get({ parameters: [{ $ref: "#/components/parameters/No" }] })],
    [
      "a body",
      spec({
        "/a": { post: { responses: RESPONSES, requestBody: { $ref: "#/components/requestBodies/No" } } },
      }),
    ],
    ["a response", get({ responses: { "200": { $ref: "#/components/responses/No" } } })],
  ] as const) {
    it(`are refused when ${what} refers to nothing, as check does`, () => {
      assert.deepEqual(errors(value), ["missing-reference"]);
      const checked = check(loadValue(structuredClone(value))).filter(({ level }) => level === "error");
      assert.deepEqual(
        checked.map(({ rule }) => rule),
        ["missing-reference"],
      );
    });
  }

  it("are left out where the settings say so", () => {
    const { definition } = run(schema({ type: "object" }), { models: false });
    assert.equal(definition.components, undefined);
  });
});

describe("compile: requests and responses", () => {
  it("declare of a parameter what API Gateway counts", () => {
    const parameters = [
      { name: "limit", in: "query", description: "x", example: 1, schema: { type: "integer", minimum: 1 } },
    ];
    const { definition } = run(get({ parameters }));
    assert.deepEqual(at(definition, ["paths", "/things", "get", "parameters"]), [
      { name: "limit", in: "query", required: false, description: "x", schema: { type: "integer" } },
    ]);
  });

  it("declare no cookie, no name that AWS refuses, no name twice; and say so", () => {
    const one = (name: string, place: string) => ({ name, in: place, schema: { type: "string" } });
    const parameters = [one("a", "query"), one("a", "header"), one("b[]", "query"), one("c", "cookie")];
    const { definition, changes } = run(get({ parameters }));
    assert.deepEqual(
      (at(definition, ["paths", "/things", "get", "parameters"]) as JsonObject[]).map(({ name }) => name),
      ["a"],
    );
    assert.deepEqual(
      changes.map(({ rule }) => rule).filter((rule) => /parameter/.test(rule)),
      ["parameter-unique", "parameter-name", "cookie-parameter"],
    );
  });

  it("expand ranges and leave default out", () => {
    const description = { description: "x" };
    const statuses = (responses: JsonObject) =>
      Object.keys(
        at(run(get({ responses })).definition, ["paths", "/things", "get", "responses"]) as JsonObject,
      );
    assert.deepEqual(statuses({ "2XX": description, default: description }), ["200"]);
    assert.deepEqual(statuses({ "200": description, "2XX": description, "4XX": description }), [
      "200",
      "400",
    ]);
    assert.deepEqual(statuses({ default: description }), ["200"]);
    assert.deepEqual(statuses({}), ["200"]);
  });

  it("check what `validate` asks for", () => {
    const { definition } = run(get({}), { validate: "both" });
    assert.deepEqual(definition["x-amazon-apigateway-request-validators"], {
      both: { validateRequestBody: true, validateRequestParameters: true },
    });
    assert.equal(definition["x-amazon-apigateway-request-validator"], "both");
    assert.equal(run(get({})).definition["x-amazon-apigateway-request-validators"], undefined);
  });

  it("leave the backend's CORS headers alone", () => {
    assert.ok(!JSON.stringify(run(get({})).definition).includes("Access-Control"));
  });
});

describe("compile: gateway responses", () => {
  const responses = (settings: CompileSettings = {}) =>
    run(get({}), settings).definition["x-amazon-apigateway-gateway-responses"] as Record<string, JsonObject>;
  const fill = (template: unknown, values: Record<string, string>) =>
    String(template).replaceAll(/\$context(\.\w+)+/g, (name) => values[name] ?? "");

  it("are valid JSON with and without a hint", () => {
    for (const [type, status] of [
      ["UNAUTHORIZED", 401],
      ["ACCESS_DENIED", 403],
    ] as const) {
      const { statusCode, responseTemplates } = responses()[type] as JsonObject;
      assert.equal(statusCode, status);
      const template = at(responseTemplates, ["application/json"]);
      const values = { "$context.error.messageString": '"Say \\"please\\""', "$context.httpMethod": "GET" };
      assert.deepEqual(JSON.parse(fill(template, values)), {
        message: 'Say "please"',
        hint: "",
        http_method: "GET",
      });
      assert.equal(
        JSON.parse(fill(template, { ...values, "$context.authorizer.key": "Non-active login" })).hint,
        "Non-active login",
      );
    }
  });

  it("carry CORS headers when asked, on every answer that the gateway gives", () => {
    assert.deepEqual(Object.keys(responses({ gatewayResponses: { cors: true } })), [
      "UNAUTHORIZED",
      "ACCESS_DENIED",
      "DEFAULT_4XX",
      "DEFAULT_5XX",
    ]);
    const origin = { cors: { origin: "https://portal.example.org" } };
    assert.equal(
      at(responses({ gatewayResponses: origin }).DEFAULT_5XX, [
        "responseParameters",
        "gatewayresponse.header.Access-Control-Allow-Origin",
      ]),
      "'https://portal.example.org'",
    );
    assert.ok(!JSON.stringify(responses()).includes("Access-Control"));
  });

  it("are those of the settings where these give them", () => {
    assert.deepEqual(
      responses({ gatewayResponses: { definitions: { QUOTA_EXCEEDED: { statusCode: 429 } } } }),
      { QUOTA_EXCEEDED: { statusCode: 429 } },
    );
  });
});

describe("compile: the document", () => {
  it("is OpenAPI 3.0 of 3.1, and says so", () => {
    const { definition, changes } = run({ ...spec({ "/a": ok }), openapi: "3.1.0", webhooks: {} });
    assert.equal(definition.openapi, "3.0.1");
    assert.deepEqual(
      changes.map(({ rule }) => rule).filter((rule) => /openapi-version|root-key/.test(rule)),
      ["openapi-version", "root-key"],
    );
  });

  it("is the same bytes for the same input, in the spec's order", () => {
    const text =
      "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/b: {put: {}, get: {}}, /a: {get: {}}}";
    const once = () => JSON.stringify(compile(loadText(text), {}, targets).definition);
    assert.equal(once(), once());
    assert.ok(once().indexOf('"/b"') < once().indexOf('"/a"'));
  });

  it("is measured to the byte", () => {
    for (const value of [
      {},
      [],
      { a: [] },
      { 'ä"': "é\\\n€😀", b: [1, null, true, { c: -1.5e10 }], d: undefined },
    ]) {
      assert.equal(sizeOf(value), Buffer.byteLength(JSON.stringify(value)));
    }
  });

  it("lists all that it adds", () => {
    const { changes } = run(spec({ "/a": { get: {} } }, { openapi: "3.0.1", security: [] }));
    assert.deepEqual(
      changes.map(({ rule, where, what }) => `${rule} ${where.replace(/.*#/, "")} ${what}`),
      [
        "access /paths/~1a/get GET /a is public.",
        "missing-responses /paths/~1a/get GET /a declares no responses. Compile adds the response 200.",
        "integration /paths/~1a/get The integration calls http://${stageVariables.VPCNLB}/a.",
        "added-options /paths/~1a OPTIONS /a is added.",
        "added-catch-all /paths ANY / is added.",
        "added-catch-all /paths ANY /{proxy+} is added.",
        "gateway-responses  The gateway responses UNAUTHORIZED, ACCESS_DENIED are added.",
        "root-security /security The security of the root is left out.",
      ],
    );
  });

  it("lists all that it leaves out, what is shared only once", () => {
    const components = {
      parameters: {
        Page: { name: "page", in: "query", style: "form", schema: { type: ["integer", "null"], minimum: 1 } },
      },
    };
    const operation = {
      deprecated: true,
      parameters: [{ $ref: "#/components/parameters/Page" }],
      requestBody: { "x-body": 1, content: { "application/json": { encoding: {}, example: {} } } },
      responses: {
        "200": {
          description: "x",
          links: {},
          headers: {
            "X-A": { schema: { type: "integer" } },
            "X B": {},
            "X-C": { schema: { type: "string" } },
          },
          content: { "text/plain": { examples: {} } },
        },
      },
    };
    const { changes } = run(
      spec(
        { "/a": { summary: "x", servers: [], "x-a": 1, put: operation, post: operation } },
        { info: { title: "x", version: "1", contact: {} }, tags: [], components },
      ),
    );
    const added = /^(access|integration|added-.*|gateway-responses)$/;
    assert.deepEqual(
      changes
        .filter(({ rule }) => !added.test(rule))
        .map(({ rule, where }) => `${rule} ${where.replace(/.*#/, "").replace("/paths/~1a", "A")}`),
      [
        "operation-key A/put/deprecated",
        "parameter-attributes /components/parameters/Page",
        "parameter-type /components/parameters/Page",
        "body-key A/put/requestBody/x-body",
        "media-key A/put/requestBody/content/application~1json/encoding",
        "media-key A/put/requestBody/content/application~1json/example",
        "links A/put/responses/200/links",
        "response-header A/put/responses/200/headers/X-A",
        "response-header-name A/put/responses/200/headers/X B",
        "media-key A/put/responses/200/content/text~1plain/examples",
        "operation-key A/post/deprecated",
        "openapi-version /openapi",
        "root-key /tags",
        "info-key /info/contact",
        "component-section /components/parameters",
        "path-key A/summary",
        "path-key A/servers",
        "path-key A/x-a",
      ],
    );
  });

  it("does not touch the spec it was made of", () => {
    const document = loadValue(schema({ type: ["string", "null"], example: 1 }));
    const before = JSON.stringify(document.root);
    compile(document, { validate: "both" }, targets);
    assert.equal(JSON.stringify(document.root), before);
  });

  it("has no error under check", () => {
    const { definition } = run(spec({ "/a/{id}/": ok, "/a/{name}/b": { put: ok.get } }));
    assert.deepEqual(
      check(loadValue(definition)).filter(({ level }) => level !== "info"),
      [],
    );
  });
});

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
