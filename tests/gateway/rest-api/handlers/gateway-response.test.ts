import assert from "node:assert/strict";
import {
  gatewayFor,
  lambdaProxy,
  lambdaUri,
  mockOf,
  openapi,
  operation,
  type Seen,
  type Sent,
} from "../support";

const TYPES = "developer guide, Gateway response types";
const GUIDE = "developer guide, Gateway responses in API Gateway";
const OPENAPI = "developer guide, Set up gateway response customization in OpenAPI";

async function failing(
  responses: Record<string, unknown>,
  sent: Sent = {},
  options: object = {},
): Promise<Seen> {
  return gatewayFor({
    definition: openapi(
      {
        "/denied": { get: operation(mockOf("1"), { security: [{ auth: [] }] }) },
        "/keyed": { get: operation(mockOf("1"), { security: [{ key: [] }] }) },
        "/broken": { get: operation(lambdaProxy("broken")) },
        "/media": { post: operation(mockOf("1", { passthroughBehavior: "never" })) },
        "/valid": {
          post: operation(mockOf("1"), {
            "x-amazon-apigateway-request-validator": "all",
            parameters: [{ name: "q1", in: "query", required: true }],
            requestBody: {
              content: {
                "application/json": {
                  schema: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
                },
              },
            },
          }),
        },
        "/pets/{petId}": { get: operation(mockOf("1")) },
      },
      {
        "x-amazon-apigateway-gateway-responses": responses,
        "x-amazon-apigateway-request-validators": {
          all: { validateRequestBody: true, validateRequestParameters: true },
        },
        components: {
          securitySchemes: {
            key: { type: "apiKey", name: "x-api-key", in: "header" },
            auth: {
              type: "apiKey",
              name: "Authorization",
              in: "header",
              "x-amazon-apigateway-authorizer": {
                type: "token",
                authorizerUri: lambdaUri("auth"),
                authorizerResultTtlInSeconds: 0,
              },
            },
          },
        },
      },
    ),
    functions: {
      broken: async () => "x",
      auth: async (event) => {
        const token = (event as { authorizationToken: string }).authorizationToken;
        if (token === "error") throw new Error("no");
        if (token === "null") return null;
        return {
          principalId: "u",
          policyDocument: { Statement: [{ Action: "*", Effect: "Deny", Resource: "*" }] },
          context: { key: "the hint", n: 1 },
        };
      },
    },
    stageVariables: { a: "variable" },
    ...options,
  }).request({ path: "/nowhere", ...sent });
}

const SENT: Record<string, Sent> = {
  MISSING_AUTHENTICATION_TOKEN: {},
  UNAUTHORIZED: { path: "/denied" },
  ACCESS_DENIED: { path: "/denied", headers: { Authorization: "t" } },
  AUTHORIZER_FAILURE: { path: "/denied", headers: { Authorization: "error" } },
  AUTHORIZER_CONFIGURATION_ERROR: { path: "/denied", headers: { Authorization: "null" } },
  INVALID_API_KEY: { path: "/keyed" },
  UNSUPPORTED_MEDIA_TYPE: {
    path: "/media",
    method: "POST",
    body: "x",
    headers: { "Content-Type": "text/plain" },
  },
  BAD_REQUEST_PARAMETERS: { path: "/valid", method: "POST", body: '{"name":"x"}' },
  BAD_REQUEST_BODY: { path: "/valid?q1=1", method: "POST", body: "{}" },
};

describe("gateway responses", () => {
  for (const [type, status, text, errorType] of [
    [
      "MISSING_AUTHENTICATION_TOKEN",
      403,
      '{"message":"Missing Authentication Token"}',
      "MissingAuthenticationTokenException",
    ],
    ["UNAUTHORIZED", 401, '{"message":"Unauthorized"}', "UnauthorizedException"],
    [
      "ACCESS_DENIED",
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      "AccessDeniedException",
    ],
    ["AUTHORIZER_FAILURE", 500, '{"message":null}', "AuthorizerConfigurationException"],
    ["AUTHORIZER_CONFIGURATION_ERROR", 500, '{"message":null}', "AuthorizerConfigurationException"],
    ["INVALID_API_KEY", 403, '{"message":"Forbidden"}', "ForbiddenException"],
    ["UNSUPPORTED_MEDIA_TYPE", 415, '{"message": "Unsupported Media Type"}', "BadRequestException"],
    [
      "BAD_REQUEST_PARAMETERS",
      400,
      '{"message": "Missing required request parameters: [q1]"}',
      "BadRequestException",
    ],
    ["BAD_REQUEST_BODY", 400, '{"message": "Invalid request body"}', "BadRequestException"],
  ] as const) {
    it(`${type} by default: ${status} ${text} [${TYPES}]`, async () => {
      const seen = await failing({}, SENT[type]);
      assert.equal(seen.status, status);
      assert.equal(seen.text, text);
      assert.equal(seen.headers["x-amzn-errortype"], errorType);
      assert.equal(seen.headers["content-type"], "application/json");
      assert.ok(seen.headers["x-amzn-requestid"]);
    });
    it(`${type} with a custom response [${GUIDE}]`, async () => {
      const seen = await failing(
        {
          [type]: {
            statusCode: 418,
            responseParameters: { "gatewayresponse.header.X-Why": "'because'" },
            responseTemplates: {
              "application/json": '{"type":"$context.error.responseType","m":$context.error.messageString}',
            },
          },
        },
        SENT[type],
      );
      assert.equal(seen.status, 418);
      assert.equal(seen.json.type, type);
      assert.equal(seen.json.m, JSON.parse(text).message ?? JSON.parse(text).Message ?? null);
      assert.equal(seen.headers["x-why"], "because");
    });
    it(`${type} by DEFAULT_${status < 500 ? 4 : 5}XX [${TYPES}]`, async () => {
      const seen = await failing(
        {
          [`DEFAULT_${status < 500 ? 4 : 5}XX`]: {
            responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
          },
          [`DEFAULT_${status < 500 ? 5 : 4}XX`]: { statusCode: 499 },
        },
        SENT[type],
      );
      assert.equal(seen.status, status);
      assert.equal(seen.headers["access-control-allow-origin"], "*");
      assert.equal(seen.text, text);
    });
  }
  it(`a status of DEFAULT_4XX changes all 4xx [${TYPES}]`, async () => {
    assert.equal((await failing({ DEFAULT_4XX: { statusCode: "404" } })).status, 404);
  });
  it("DEFAULT_5XX covers a malformed proxy response", async () => {
    const seen = await failing(
      { DEFAULT_5XX: { responseParameters: { "gatewayresponse.header.X-A": "'b'" } } },
      { path: "/broken" },
    );
    assert.equal(seen.status, 502);
    assert.equal(seen.headers["x-a"], "b");
  });
  it(`the example of the guide [${OPENAPI}]`, async () => {
    const seen = await failing(
      {
        MISSING_AUTHENTICATION_TOKEN: {
          statusCode: 404,
          responseParameters: {
            "gatewayresponse.header.x-request-query": "method.input.params.q",
            "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
            "gatewayresponse.header.x-request-header": "method.input.params.Accept",
          },
          responseTemplates: {
            "application/json":
              '{\n     "message": $context.error.messageString,\n     "type":  "$context.error.responseType",\n     "stage":  "$context.stage",\n     "resourcePath":  "$context.resourcePath",\n     "stageVariables.a":  "$stageVariables.a",\n     "statusCode": "\'404\'"\n}',
          },
        },
      },
      { path: "/x?q=query", headers: { Accept: "text/plain" } },
    );
    assert.equal(seen.status, 404);
    assert.deepEqual(seen.json, {
      message: "Missing Authentication Token",
      type: "MISSING_AUTHENTICATION_TOKEN",
      stage: "test",
      resourcePath: "",
      "stageVariables.a": "variable",
      statusCode: "'404'",
    });
    assert.equal(seen.headers["x-request-query"], "query");
    assert.equal(seen.headers["x-request-header"], "text/plain");
    assert.equal(seen.headers["access-control-allow-origin"], "a.b.c");
  });
  it("an authorizer's context is there on a denial, and empty without a call [production use]", async () => {
    const responses = {
      ACCESS_DENIED: {
        responseTemplates: {
          "application/json":
            '{"hint":"$context.authorizer.key $context.authorizer.n $context.authorizer.none"}',
        },
      },
      UNAUTHORIZED: { responseTemplates: { "application/json": '{"hint":"$context.authorizer.key"}' } },
    };
    assert.equal((await failing(responses, SENT.ACCESS_DENIED)).json.hint, "the hint 1 ");
    assert.equal((await failing(responses, SENT.UNAUTHORIZED)).json.hint, "");
  });
  it(`it is not VTL: only variables are substituted [${GUIDE}]`, async () => {
    const seen = await failing({
      MISSING_AUTHENTICATION_TOKEN: {
        responseTemplates: { "application/json": "#if(true)$context.error.message#end $util.x costs $5" },
      },
    });
    assert.equal(seen.text, "#if(true)Missing Authentication Token#end $util.x costs $5");
  });
  it("the validation error in detail [mapping template reference]", async () => {
    const seen = await failing(
      {
        BAD_REQUEST_BODY: {
          responseTemplates: { "application/json": "$context.error.validationErrorString" },
        },
      },
      SENT.BAD_REQUEST_BODY,
    );
    assert.equal(seen.text, '[object has missing required properties (["name"])]');
  });
  it("templates are chosen by Accept, the first one else", async () => {
    const responses = {
      DEFAULT_4XX: { responseTemplates: { "application/xml": "<e/>", "application/json": "{}" } },
    };
    assert.equal(
      (await failing(responses, { headers: { Accept: "application/xml" } })).headers["content-type"],
      "application/xml",
    );
    assert.equal((await failing(responses)).text, "{}");
    assert.equal(
      (await failing({ DEFAULT_4XX: { responseTemplates: { "text/html": "<p>" } } })).headers["content-type"],
      "text/html",
    );
  });
  it("headers from context, stage variables and the request", async () => {
    const seen = await failing(
      {
        DEFAULT_4XX: {
          responseParameters: {
            "gatewayresponse.header.a": "context.stage",
            "gatewayresponse.header.b": "stageVariables.a",
            "gatewayresponse.header.c": "method.request.header.X-In",
            "gatewayresponse.header.d": "method.request.querystring.q",
          },
        },
      },
      { path: "/x?q=1", headers: { "X-In": "in" } },
    );
    assert.deepEqual(
      [seen.headers.a, seen.headers.b, seen.headers.c, seen.headers.d],
      ["test", "variable", "in", "1"],
    );
  });
  it("a function that fails is an INTEGRATION_FAILURE [access log in DataBiosphere/azul#8258]", async () => {
    const seen = await gatewayFor({
      definition: openapi(
        { "/broken": { get: operation(lambdaProxy("broken")) } },
        {
          "x-amazon-apigateway-gateway-responses": {
            INTEGRATION_FAILURE: {
              responseTemplates: {
                "application/json":
                  '{"type": "$context.error.responseType", "text": $context.error.messageString}',
              },
            },
          },
        },
      ),
      functions: { broken: () => Promise.reject(new Error("boom")) },
    }).request("/broken");
    assert.equal(seen.status, 502);
    assert.deepEqual(seen.json, { type: "INTEGRATION_FAILURE", text: "Internal server error" });
  });
  it("REQUEST_TOO_LARGE cannot be customized [important notes]", async () => {
    const seen = await failing(
      { REQUEST_TOO_LARGE: { statusCode: 400 }, DEFAULT_4XX: { statusCode: 400 } },
      { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) },
    );
    assert.equal(seen.status, 413);
    assert.equal(seen.text, '{"message":"Request Too Long"}');
  });
  it("a response without an error has no error header", async () => {
    const seen = await failing({}, { path: "/pets/1" });
    assert.equal(seen.status, 200);
    assert.equal(seen.headers["x-amzn-errortype"], undefined);
  });
});
