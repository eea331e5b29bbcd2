import assert from "node:assert/strict";
import { gatewayFor, lambdaProxy, openapi, operation, type Seen, type Sent } from "../support";

const FORMAT = "recorded: test_aws_proxy_response_payload_format_validation";
const GUIDE = "developer guide, Set up Lambda proxy integrations";

async function responseTo(result: unknown, sent: Sent = {}, root: object = {}): Promise<Seen> {
  const gateway = gatewayFor({
    definition: openapi({ "/a": { get: operation(lambdaProxy("f")) } }, root as Record<string, unknown>),
    functions: {
      f: async () => {
        if (result instanceof Error) throw result;
        return result;
      },
    },
  });
  return gateway.request({ path: "/a", ...sent });
}

describe("AWS_PROXY: the response", () => {
  const GOOD: {
    name: string;
    source: string;
    result: unknown;
    status?: number;
    text?: string;
    headers?: Record<string, string>;
  }[] = [
    {
      name: "only a status",
      source: FORMAT,
      result: { statusCode: 200 },
      text: "",
      headers: { "content-type": "application/json" },
    },
    {
      name: "headers, a boolean among them",
      source: FORMAT,
      result: { statusCode: 200, headers: { "test-header": "value", "header-bool": true } },
      headers: { "test-header": "value", "header-bool": "true" },
    },
    { name: "headers null", source: FORMAT, result: { statusCode: 200, headers: null }, text: "" },
    {
      name: "an empty object",
      source: "recorded: test_lambda_aws_proxy_response_format",
      result: {},
      status: 200,
      text: "",
    },
    {
      name: "only headers",
      source: FORMAT,
      result: { headers: { a: "b" } },
      status: 200,
      headers: { a: "b" },
    },
    { name: "a status in text", source: FORMAT, result: { statusCode: "201" }, status: 201 },
    {
      name: "base64 that the client does not ask for as binary",
      source: FORMAT,
      result: { statusCode: 200, body: "dGVzdC1kYXRh", isBase64Encoded: true },
      text: "dGVzdC1kYXRh",
    },
    {
      name: "base64 that is none",
      source: FORMAT,
      result: { statusCode: 200, body: "dGVzdC1kYXRh" },
      text: "dGVzdC1kYXRh",
    },
    {
      name: "multi-value headers",
      source: FORMAT,
      result: { statusCode: 200, multiValueHeaders: { "test-multi": ["value1", "value2"] } },
      headers: { "test-multi": "value1, value2" },
    },
    {
      name: "both kinds of headers, merged",
      source: FORMAT,
      result: {
        statusCode: 200,
        headers: { "test-multi": "value-solo" },
        multiValueHeaders: { "test-multi": ["value-multi"] },
      },
      headers: { "test-multi": "value-multi, value-solo" },
    },
    {
      name: "a pair in both kinds, once",
      source: GUIDE,
      result: { headers: { a: "1" }, multiValueHeaders: { a: ["1", "2"] } },
      headers: { a: "1, 2" },
    },
    {
      name: "an error status from the function",
      source: GUIDE,
      result: { statusCode: 404, body: '{"message": "no"}' },
      status: 404,
      text: '{"message": "no"}',
    },
    {
      name: "an error type header from the function",
      source: "developer guide, Handle Lambda errors",
      result: { statusCode: 400, headers: { "X-Amzn-ErrorType": "InvalidParameterException" } },
      status: 400,
      headers: { "x-amzn-errortype": "InvalidParameterException" },
    },
  ];
  for (const { name, source, result, status = 200, text, headers = {} } of GOOD) {
    it(`${name} [${source}]`, async () => {
      const seen = await responseTo(result);
      assert.equal(seen.status, status);
      if (text !== undefined) assert.equal(seen.text, text);
      for (const [header, value] of Object.entries(headers)) assert.equal(seen.headers[header], value);
      assert.ok(
        seen.headers["x-amzn-requestid"] && seen.headers["x-amz-apigw-id"] && seen.headers["x-amzn-trace-id"],
      );
    });
  }

  const BAD: { name: string; source: string; result: unknown }[] = [
    { name: "an unknown key", source: FORMAT, result: { statusCode: 200, wrongValue: "value" } },
    {
      name: "a multi-value header that is not a list",
      source: FORMAT,
      result: { statusCode: 200, multiValueHeaders: { a: "b" } },
    },
    { name: "a status that is not a number", source: FORMAT, result: { statusCode: "wrong" } },
    { name: "a bare text", source: FORMAT, result: "just a string" },
    { name: "nothing", source: GUIDE, result: undefined },
    { name: "a list", source: GUIDE, result: [] },
    { name: "a body that is an object", source: GUIDE, result: { statusCode: 200, body: { a: 1 } } },
    { name: "headers that are text", source: GUIDE, result: { statusCode: 200, headers: "a" } },
    { name: "a function that throws", source: GUIDE, result: new Error("boom") },
    {
      name: "a response beyond Lambda's 6 MB",
      source: "DataBiosphere/azul#8258, observed on AWS",
      result: { statusCode: 200, body: "x".repeat(6_291_556) },
    },
  ];
  for (const { name, source, result } of BAD) {
    it(`${name} is 502 Internal server error [${source}]`, async () => {
      const seen = await responseTo(result);
      assert.equal(seen.status, 502);
      assert.equal(seen.text, '{"message": "Internal server error"}');
      assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
    });
  }

  it(`the spelling in multiValueHeaders is used [${FORMAT}, overwrite-casing]`, async () => {
    const seen = await responseTo({
      headers: { "test-multi": "value-solo" },
      multiValueHeaders: { "tesT-Multi": ["value-multi"] },
    });
    assert.ok(seen.rawHeaders.includes("tesT-Multi"));
    assert.ok(!seen.rawHeaders.includes("test-multi"));
  });

  it("base64 is decoded when the client accepts a binary type [developer guide, Return binary media]", async () => {
    const seen = await responseTo(
      {
        statusCode: 200,
        body: Buffer.from([1, 2, 255]).toString("base64"),
        isBase64Encoded: true,
        headers: { "Content-Type": "image/png" },
      },
      { headers: { Accept: "image/png" } },
      { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    );
    assert.deepEqual([...seen.body], [1, 2, 255]);
  });

  for (const body of ["not base64!", "aGk", "aGk=\n=", "a-_="])
    it(`a body ${JSON.stringify(body)} that is not base64 is 500 [recorded: test_aws_proxy_binary_response]`, async () => {
      const seen = await responseTo(
        { statusCode: 200, isBase64Encoded: true, body },
        {},
        {
          "x-amazon-apigateway-binary-media-types": ["*/*"],
        },
      );
      assert.equal(seen.status, 500);
      assert.equal(seen.text, '{"message": "Internal server error"}');
    });
  for (const name of [
    "Authorization",
    "Connection",
    "Content-Length",
    "Expect",
    "Proxy-Authenticate",
    "TE",
    "Transfer-Encoding",
  ])
    it(`a mapping to ${name} is 500 [recorded: TestApiGatewayHeaderRemapping[AWS_PROXY]]`, async () => {
      const mapped = (header: string) =>
        gatewayFor({
          definition: openapi({
            "/a": {
              get: operation(
                lambdaProxy("f", { requestParameters: { [`integration.request.header.${header}`]: "'x'" } }),
              ),
            },
          }),
          functions: { f: async () => ({ statusCode: 200 }) },
        }).request("/a");
      assert.equal((await mapped(name)).status, 500);
      assert.equal((await mapped("X-Other")).status, 200);
    });
  it("only the first type of Accept is considered [important notes]", async () => {
    const seen = await responseTo(
      { statusCode: 200, body: "AQL/", isBase64Encoded: true },
      { headers: { Accept: "text/html,image/png" } },
      { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    );
    assert.equal(seen.text, "AQL/");
  });

  it("WWW-Authenticate, Date, Server and Connection are renamed [important notes]", async () => {
    const seen = await responseTo({
      statusCode: 401,
      headers: { "WWW-Authenticate": "Basic", Server: "s", Connection: "close", Date: "d" },
    });
    assert.equal(seen.headers["x-amzn-remapped-www-authenticate"], "Basic");
    assert.equal(seen.headers["x-amzn-remapped-server"], "s");
    assert.equal(seen.headers["x-amzn-remapped-connection"], "close");
    assert.equal(seen.headers["x-amzn-remapped-date"], "d");
    assert.equal(seen.headers["www-authenticate"], undefined);
  });

  it("an integration method other than POST is 500 [recorded: test_lambda_aws_proxy_integration_non_post_method]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(lambdaProxy("f", { httpMethod: "GET" })) } }),
      functions: { f: async () => ({}) },
    });
    const seen = await gateway.request("/a");
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
  });

  it("a missing function is 500 [Invalid permissions on Lambda function; serverless-application-model#296]", async () => {
    const gateway = gatewayFor({ definition: openapi({ "/a": { get: operation(lambdaProxy("missing")) } }) });
    assert.equal((await gateway.request("/a")).status, 500);
  });

  it("stage variables and aliases in the function's name [developer guide, stage variables reference]", async () => {
    const uri =
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.fn}:${stageVariables.alias}/invocations";
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(lambdaProxy("f", { uri })) } }),
      stageVariables: { fn: "orders", alias: "live" },
      functions: { orders: async () => ({ statusCode: 202 }) },
    });
    assert.equal((await gateway.request("/a")).status, 202);
  });

  it("a function that takes longer than the timeout is 504 [gateway response types, INTEGRATION_TIMEOUT]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(lambdaProxy("f", { timeoutInMillis: 50 })) } }),
      functions: { f: () => new Promise(() => {}) },
    });
    const seen = await gateway.request("/a");
    assert.equal(seen.status, 504);
    assert.equal(seen.text, '{"message": "Endpoint request timed out"}');
  });

  it("a trace id from the client is returned [recorded: test_invocation_trace_id]", async () => {
    const full = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1";
    assert.equal(
      (await responseTo({}, { headers: { "X-Amzn-Trace-Id": full } })).headers["x-amzn-trace-id"],
      full,
    );
    const small = (
      await responseTo({}, { headers: { "X-Amzn-Trace-Id": "Root=1-3152b799-8954dae64eda91bc9a23a7e8" } })
    ).headers["x-amzn-trace-id"];
    assert.match(small ?? "", /^Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=[0-9a-f]{16};/);
  });
});
