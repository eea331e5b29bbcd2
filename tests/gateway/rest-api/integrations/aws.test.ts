import assert from "node:assert/strict";
import { callIntegration as call, gatewayFor, lambdaUri, openapi, operation } from "../support";

const SELECTION = "recorded: test_lambda_selection_patterns";

describe("AWS with a Lambda function", () => {
  const lambda = (rest: Record<string, unknown> = {}) => ({
    type: "aws",
    httpMethod: "POST",
    uri: lambdaUri("f"),
    responses: { default: { statusCode: "200" } },
    ...rest,
  });

  it("passes the payload through [recorded: test_lambda_aws_integration]", async () => {
    const seen = await call(
      lambda(),
      { method: "POST", body: '{"message": "hello world"}' },
      {},
      { functions: { f: async (event: unknown) => event } },
    );
    assert.deepEqual(seen.json, { message: "hello world" });
    assert.ok(seen.headers["x-amzn-trace-id"]);
  });
  it("maps the request by its template [recorded: test_lambda_aws_integration_with_request_template]", async () => {
    const seen = await call(
      lambda({ requestTemplates: { "application/json": '{"param1":"$input.params(\'param1\')"}' } }),
      { path: "/a?param1=foobar" },
      {},
      { functions: { f: async (event: unknown) => event } },
    );
    assert.deepEqual(seen.json, { param1: "foobar" });
  });
  const RESPONSES = {
    default: { statusCode: "200" },
    ".*four hundred.*": { statusCode: "405" },
    ".+": { statusCode: "502" },
    "200": { statusCode: "504" },
  };
  for (const [message, status] of [
    [undefined, 200],
    ["Error: Raising four hundred from within", 405],
    ["Error: Raising five hundred from within", 502],
  ] as const) {
    it(`an error "${message}" selects ${status} [${SELECTION}]`, async () => {
      const seen = await call(
        lambda({ responses: RESPONSES }),
        {},
        {},
        {
          functions: {
            f: async () => {
              if (message) throw new Error(message);
              return "Pass";
            },
          },
        },
      );
      assert.equal(seen.status, status);
      if (message) assert.equal(seen.json.errorMessage, message);
      else assert.equal(seen.json, "Pass");
    });
  }
  for (const [pattern, message, matches] of [
    ["Malformed.*", "Malformed input", true],
    ["Malformed", "Malformed input", false],
    [".*", "", true],
    [".+", "", false],
    ["(?i)NOT found", "Not Found", true],
    [".*", "two\nlines", false],
    ["(?s).*lines", "two\nlines", true],
    ["[\\s\\S]*lines", "two\nlines", true],
  ] as const) {
    it(`the pattern ${pattern} ${matches ? "matches" : "does not match"} ${JSON.stringify(message)} as a whole [Handle Lambda errors; Java Pattern.matches]`, async () => {
      const seen = await call(
        lambda({ responses: { default: { statusCode: "200" }, [pattern]: { statusCode: "400" } } }),
        {},
        {},
        {
          functions: {
            f: async () => {
              if (message) throw new Error(message);
              return 1;
            },
          },
        },
      );
      assert.equal(seen.status, matches ? 400 : 200);
    });
  }
  it("without a match and a default it is 500 [Handle Lambda errors]", async () => {
    assert.equal(
      (
        await call(
          lambda({ responses: { "x.*": { statusCode: "400" } } }),
          {},
          {},
          { functions: { f: async () => 1 } },
        )
      ).status,
      500,
    );
  });
  it("the response template renders a mapped error's body", async () => {
    const seen = await call(
      lambda({
        responses: {
          default: { statusCode: "200" },
          "no .*": {
            statusCode: "404",
            responseTemplates: { "application/json": "{\"message\":$input.json('$.errorMessage')}" },
          },
        },
      }),
      {},
      {},
      {
        functions: {
          f: async () => {
            throw new Error("no pet");
          },
        },
      },
    );
    assert.equal(seen.status, 404);
    assert.equal(seen.text, '{"message":"no pet"}');
  });
  for (const name of [
    "Authorization",
    "Connection",
    "Expect",
    "Proxy-Authenticate",
    "TE",
    "Content-Length",
    "Transfer-Encoding",
  ]) {
    it(`a mapping to ${name} is 500 [recorded: TestApiGatewayHeaderRemapping[AWS]]`, async () => {
      assert.equal(
        (
          await call(
            lambda({ requestParameters: { [`integration.request.header.${name}`]: "'v'" } }),
            {},
            {},
            { functions: { f: async () => 1 } },
          )
        ).status,
        500,
      );
    });
  }
  it("X-Amz-Invocation-Type 'Event' does not wait: 202 [Set up asynchronous invocation]", async () => {
    let called = false;
    const seen = await call(
      lambda({
        requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" },
        responses: { default: { statusCode: "202" } },
      }),
      {},
      {},
      {
        functions: {
          f: async () => {
            called = true;
            throw new Error("x");
          },
        },
      },
    );
    assert.equal(seen.status, 202);
    assert.equal(seen.text, "");
    assert.ok(called);
  });
  it("a payload that is not JSON does not reach the function: 500", async () => {
    assert.equal(
      (await call(lambda(), { method: "POST", body: "plain" }, {}, { functions: { f: async () => 1 } }))
        .status,
      500,
    );
  });
  it("an AWS service without a handler is refused at start, by name", () => {
    assert.throws(
      () =>
        gatewayFor({
          definition: openapi({
            "/a": {
              get: operation({
                type: "aws",
                httpMethod: "GET",
                uri: "arn:aws:apigateway:us-east-1:s3:path/b/k",
              }),
            },
          }),
        }),
      /GET \/a integrates with the AWS service "s3"/,
    );
  });
});
