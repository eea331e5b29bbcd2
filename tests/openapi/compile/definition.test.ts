import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import { type CompileSettings, check, compile, loadText, loadValue } from "../../../openapi";
import { sizeOf } from "../../../openapi/compile/quotas";
import { get, schema, spec } from "../documents";

import { ok, run, targets } from "./support";

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
