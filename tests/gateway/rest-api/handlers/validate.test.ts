import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation, type Seen, type Sent } from "../support";

const RECORDED = "recorded: test_api_gateway_request_validator";
const GUIDE = "developer guide, Test basic request validation";

const PET = {
  type: "object",
  required: ["a", "b"],
  properties: { a: { type: "number" }, b: { type: "number" } },
};

async function validated(
  sent: Sent,
  rest: {
    schema?: unknown;
    schemas?: Record<string, unknown>;
    parameters?: unknown[];
    validator?: object;
    type?: string;
    detail?: boolean;
  } = {},
): Promise<Seen> {
  return gatewayFor({
    definition: openapi(
      {
        "/nested/{test}": {
          "x-amazon-apigateway-any-method": operation(
            mockOf('"ok"', { requestTemplates: { $default: '{"statusCode": 200}' } }),
            {
              "x-amazon-apigateway-request-validator": "v",
              parameters: rest.parameters ?? [],
              requestBody: { content: { [rest.type ?? "application/json"]: { schema: rest.schema ?? PET } } },
            },
          ),
        },
      },
      {
        "x-amazon-apigateway-request-validators": {
          v: rest.validator ?? { validateRequestBody: true, validateRequestParameters: true },
        },
        components: { schemas: rest.schemas ?? {} },
        ...(rest.detail
          ? {
              "x-amazon-apigateway-gateway-responses": {
                BAD_REQUEST_BODY: {
                  responseTemplates: { "application/json": "$context.error.validationErrorString" },
                },
              },
            }
          : {}),
      },
    ),
  }).request({ path: "/nested/value", method: "POST", ...sent });
}
const q = (name: string, location = "query", required = true) => ({ name, in: location, required });
const BOTH = [q("qs1"), q("x-header-param", "header")];

describe("request validation", () => {
  it(`everything there passes [${RECORDED}]`, async () => {
    assert.equal(
      (
        await validated(
          { path: "/nested/value?qs1=test", headers: { "x-header-param": "test" }, body: '{"a":1,"b":2}' },
          { parameters: BOTH },
        )
      ).status,
      200,
    );
  });
  for (const [sent, missing] of [
    [{}, "x-header-param, qs1"],
    [{ path: "/nested/value?qs1=test" }, "x-header-param"],
    [{ headers: { "x-header-param": "test" } }, "qs1"],
    [{ path: "/nested/value?qs1=", headers: { "x-header-param": "t" } }, "qs1"],
    [{ path: "/nested/value?qs1=1", headers: { "x-header-param": "" } }, "x-header-param"],
  ] as [Sent, string][]) {
    it(`missing or blank: ${missing} [${RECORDED}; ${GUIDE}]`, async () => {
      const seen = await validated({ body: '{"a":1,"b":2}', ...sent }, { parameters: BOTH });
      assert.equal(seen.status, 400);
      assert.deepEqual(seen.json, { message: `Missing required request parameters: [${missing}]` });
    });
  }
  it("parameters are checked before the body [recorded: missing-all with a bad body]", async () => {
    assert.match(
      (await validated({ body: '{"test":"test"}' }, { parameters: BOTH })).json.message,
      /^Missing required/,
    );
  });
  it("a parameter that is not required may be missing", async () => {
    assert.equal(
      (await validated({ body: '{"a":1,"b":2}' }, { parameters: [q("qs1", "query", false)] })).status,
      200,
    );
  });
  for (const [name, body] of [
    ["fields missing", '{"test":"test"}'],
    ["no body", undefined],
    ["no JSON", "{"],
    ["a wrong type", '{"a":"1","b":2}'],
    ["a list", "[1]"],
  ] as const) {
    it(`${name}: 400 Invalid request body [${RECORDED}]`, async () => {
      const seen = await validated(body === undefined ? {} : { body });
      assert.equal(seen.status, 400);
      assert.equal(seen.text, '{"message": "Invalid request body"}');
    });
  }
  it("a GET without a body is validated as {} [recorded]", async () => {
    assert.equal((await validated({ method: "GET" })).status, 400);
    assert.equal((await validated({ method: "GET" }, { schema: { type: "object" } })).status, 200);
  });
  it("switched off it lets everything pass [recorded: disable-request-validator]", async () => {
    assert.equal(
      (
        await validated(
          { body: '{"test":"test"}' },
          { parameters: BOTH, validator: { validateRequestBody: false, validateRequestParameters: false } },
        )
      ).status,
      200,
    );
    assert.equal(
      (
        await validated(
          { body: '{"test":"test"}' },
          { parameters: BOTH, validator: { validateRequestBody: true, validateRequestParameters: false } },
        )
      ).status,
      400,
    );
    assert.equal(
      (
        await validated(
          { body: "x" },
          { validator: { validateRequestBody: false, validateRequestParameters: true } },
        )
      ).status,
      200,
    );
  });
  it("another content type is not validated, $default is for all [guide, Use request validation]", async () => {
    assert.equal((await validated({ body: "x", headers: { "Content-Type": "text/plain" } })).status, 200);
    assert.equal(
      (await validated({ body: "x", headers: { "Content-Type": "text/plain" } }, { type: "$default" }))
        .status,
      400,
    );
    assert.equal(
      (await validated({ body: "{}", headers: { "Content-Type": "application/json; charset=utf-8" } }))
        .status,
      400,
    );
  });
  it("models refer to models, in circles too [recorded: ref models; import facts 19]", async () => {
    const schemas = {
      Pet: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, friend: { $ref: "#/components/schemas/Pet" } },
      },
      List: { type: "array", items: { $ref: "#/components/schemas/Pet" } },
    };
    const schema = { $ref: "#/components/schemas/List" };
    assert.equal(
      (await validated({ body: '[{"name":"a","friend":{"name":"b"}}]' }, { schemas, schema })).status,
      200,
    );
    assert.equal((await validated({ body: '[{"name":"a","friend":{}}]' }, { schemas, schema })).status, 400);
  });
  it("oneOf with null [recorded: ref_one_ofmodels]", async () => {
    const schemas = {
      StatusModel: {
        type: "object",
        required: ["Status", "Order"],
        properties: { Status: { type: "string" }, Order: { type: "integer" } },
      },
    };
    const schema = {
      type: "object",
      required: ["status"],
      properties: { status: { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/StatusModel" }] } },
    };
    for (const [body, status] of [
      ['{"status":null}', 200],
      ['{"status":{"Status":"test","Order":1}}', 200],
      ["{}", 400],
      ['{"status":{"Status":1}}', 400],
    ] as const) {
      assert.equal((await validated({ body }, { schemas, schema })).status, status, body);
    }
  });
  for (const [schema, body, status] of [
    [{ type: "string", enum: ["dog", "cat"] }, '"bird"', 400],
    [{ type: "number", maximum: 500 }, "501", 400],
    [{ type: "number", minimum: 25, maximum: 500 }, "260", 200],
    [{ type: "number", minimum: 5, exclusiveMinimum: true }, "5", 400],
    [{ type: "array", minItems: 2 }, "[1]", 200],
    [{ type: "array", maxItems: 1 }, "[1,2]", 200],
    [{ type: "integer", format: "int32" }, "99999999999", 200],
    [{ type: "string", nullable: true }, "null", 400],
    [{ type: "object", additionalProperties: false, properties: {} }, '{"x":1}', 400],
    [{ type: "string", pattern: "^a+$" }, '"aab"', 400],
    [{ type: "object", properties: { a: { type: "string", default: "x" } } }, "{}", 200],
    [{ type: "string", format: "date-time" }, '"no date"', 400],
    [{ type: "string", minLength: 2 }, '"a"', 400],
    [{ type: "string", maxLength: 1 }, '"ab"', 400],
    [{ anyOf: [{ type: "string" }, { type: "integer" }] }, "true", 400],
  ] as const) {
    it(`${JSON.stringify(schema)} and ${body}: ${status} [JSON schema draft 4; important notes]`, async () => {
      assert.equal((await validated({ body }, { schema })).status, status);
    });
  }
  for (const [schema, body, wanted] of [
    [PET, "{}", '[object has missing required properties (["a","b"])]'],
    [
      { type: "object", properties: { a: { type: "number" } } },
      '{"a":"x"}',
      '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    [
      { type: "string", enum: ["dog"] },
      '"bird"',
      '[instance value ("bird") not found in enum (possible values: ["dog"])]',
    ],
    [
      { type: "number", maximum: 500 },
      "501",
      "[numeric instance is greater than the required maximum (maximum: 500, found: 501)]",
    ],
    [{ type: "string", minLength: 3 }, '"a"', '[string "a" is too short (length: 1, required minimum: 3)]'],
  ] as const) {
    it(`says ${wanted} [mapping template reference, $context.error.validationErrorString]`, async () => {
      assert.equal((await validated({ body }, { schema, detail: true })).text, wanted);
    });
  }
  it("the API's validator applies to operations that name none [import facts 34]", async () => {
    const gateway = gatewayFor({
      definition: openapi(
        {
          "/a": { get: operation(mockOf("1"), { parameters: [q("x")] }) },
          "/b": {
            get: operation(mockOf("1"), {
              parameters: [q("x")],
              "x-amazon-apigateway-request-validator": "none",
            }),
          },
        },
        {
          "x-amazon-apigateway-request-validator": "all",
          "x-amazon-apigateway-request-validators": {
            all: { validateRequestBody: true, validateRequestParameters: true },
            none: { validateRequestBody: false, validateRequestParameters: false },
          },
        },
      ),
    });
    assert.equal((await gateway.request("/a")).status, 400);
    assert.equal((await gateway.request("/b")).status, 200);
  });
});
