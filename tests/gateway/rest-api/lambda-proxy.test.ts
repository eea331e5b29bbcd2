import assert from "node:assert/strict";
import { gatewayFor, lambdaProxy, openapi, operation, type Seen, type Sent } from "./support";

const EVENT = "localstack test_lambda_aws_proxy_integration snapshot (recorded on AWS)";
const FORMAT = "localstack test_aws_proxy_response_payload_format_validation snapshot (recorded on AWS)";
const REMAPPING = "localstack TestApiGatewayHeaderRemapping[AWS_PROXY] snapshot (recorded on AWS)";
const GUIDE = "developer guide, Set up Lambda proxy integrations";

// biome-ignore lint/suspicious/noExplicitAny: events are compared with literals
type Event = any;

async function eventOf(sent: Sent, options: object = {}, root: object = {}): Promise<Event> {
  let event: Event;
  const gateway = gatewayFor({
    definition: openapi(
      {
        "/{proxy+}": { "x-amazon-apigateway-any-method": operation(lambdaProxy("f")) },
        "/hardcoded": { "x-amazon-apigateway-any-method": operation(lambdaProxy("f")) },
        "/items/{id}": { get: operation(lambdaProxy("f")) },
      },
      root as Record<string, unknown>,
    ),
    functions: {
      f: async (given) => {
        event = given;
        return { statusCode: 200 };
      },
    },
    stage: "stage",
    ...options,
  });
  const seen = await gateway.request(sent);
  assert.equal(seen.status, 200, seen.text);
  return event;
}

async function answerTo(result: unknown, sent: Sent = {}, root: object = {}): Promise<Seen> {
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

describe("AWS_PROXY: the event", () => {
  it(`has exactly the recorded keys [${EVENT}]`, async () => {
    const event = await eventOf({ path: "/proxy-value" });
    assert.deepEqual(Object.keys(event).sort(), [
      "body",
      "headers",
      "httpMethod",
      "isBase64Encoded",
      "multiValueHeaders",
      "multiValueQueryStringParameters",
      "path",
      "pathParameters",
      "queryStringParameters",
      "requestContext",
      "resource",
      "stageVariables",
    ]);
    assert.deepEqual(Object.keys(event.requestContext).sort(), [
      "accountId",
      "apiId",
      "deploymentId",
      "domainName",
      "domainPrefix",
      "extendedRequestId",
      "httpMethod",
      "identity",
      "path",
      "protocol",
      "requestId",
      "requestTime",
      "requestTimeEpoch",
      "resourceId",
      "resourcePath",
      "stage",
    ]);
    assert.deepEqual(Object.keys(event.requestContext.identity).sort(), [
      "accessKey",
      "accountId",
      "caller",
      "cognitoAuthenticationProvider",
      "cognitoAuthenticationType",
      "cognitoIdentityId",
      "cognitoIdentityPoolId",
      "principalOrgId",
      "sourceIp",
      "user",
      "userAgent",
      "userArn",
    ]);
  });

  const PATHS: {
    sent: string;
    path: string;
    parameters: object | null;
    context: string;
    resource?: string;
  }[] = [
    {
      sent: "/proxy-value",
      path: "/proxy-value",
      parameters: { proxy: "proxy-value" },
      context: "/stage/proxy-value",
    },
    {
      sent: "/proxy-value/",
      path: "/proxy-value/",
      parameters: { proxy: "proxy-value" },
      context: "/stage/proxy-value/",
    },
    {
      sent: "/proxy-value//double-slash",
      path: "/proxy-value//double-slash",
      parameters: { proxy: "proxy-value//double-slash" },
      context: "/stage/proxy-value//double-slash",
    },
    {
      sent: "//proxy-value",
      path: "/proxy-value",
      parameters: { proxy: "proxy-value" },
      context: "/stage//proxy-value",
    },
    {
      sent: "//hardcoded",
      path: "/hardcoded",
      parameters: null,
      context: "/stage//hardcoded",
      resource: "/hardcoded",
    },
    {
      sent: "/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      path: "/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      parameters: { proxy: "api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com" },
      context: "/stage/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
    },
  ];
  for (const { sent, path, parameters, context, resource = "/{proxy+}" } of PATHS) {
    it(`path ${sent} [${EVENT}]`, async () => {
      const event = await eventOf({ path: sent });
      assert.equal(event.path, path);
      assert.deepEqual(event.pathParameters, parameters);
      assert.equal(event.requestContext.path, context);
      assert.equal(event.resource, resource);
      assert.equal(event.requestContext.resourcePath, resource);
    });
  }

  const QUERIES: { sent: string; single: object | null; multi: object | null }[] = [
    { sent: "", single: null, multi: null },
    { sent: "urlparam=test", single: { urlparam: "test" }, multi: { urlparam: ["test"] } },
    {
      sent: "category=electronics&category=books&price=10&price=20&price=30",
      single: { category: "books", price: "30" },
      multi: { category: ["electronics", "books"], price: ["10", "20", "30"] },
    },
    {
      sent: "dateTimeOffset=2023-06-12T18:05:10.123456+00:00",
      single: { dateTimeOffset: "2023-06-12T18:05:10.123456 00:00" },
      multi: { dateTimeOffset: ["2023-06-12T18:05:10.123456 00:00"] },
    },
    {
      sent: "email=test%2Balias@gmail.com",
      single: { email: "test+alias@gmail.com" },
      multi: { email: ["test+alias@gmail.com"] },
    },
    {
      sent: "plus=test+alias@gmail.com",
      single: { plus: "test alias@gmail.com" },
      multi: { plus: ["test alias@gmail.com"] },
    },
    {
      sent: "url=https://www.google.com/",
      single: { url: "https://www.google.com/" },
      multi: { url: ["https://www.google.com/"] },
    },
    { sent: "whitespace=foo%20bar", single: { whitespace: "foo bar" }, multi: { whitespace: ["foo bar"] } },
    { sent: "flag&empty=", single: { flag: "", empty: "" }, multi: { flag: [""], empty: [""] } },
  ];
  for (const { sent, single, multi } of QUERIES) {
    it(`query "${sent}" [${EVENT}, params-encoding]`, async () => {
      const event = await eventOf({ path: `/x?${sent}` });
      assert.deepEqual(event.queryStringParameters, single);
      assert.deepEqual(event.multiValueQueryStringParameters, multi);
    });
  }

  it("a semicolon splits the query like an ampersand [important notes]", async () => {
    const event = await eventOf({ path: "/x?a=1;b=2" });
    assert.deepEqual(event.queryStringParameters, { a: "1", b: "2" });
  });

  it(`keeps the case of header names but for Authorization and User-Agent [${EVENT}]`, async () => {
    const event = await eventOf({
      path: "/x",
      headers: { "tEsT-HEADeR": "aValUE", authorization: "random-value", "user-agent": "python" },
    });
    assert.equal(event.headers["tEsT-HEADeR"], "aValUE");
    assert.equal(event.headers.Authorization, "random-value");
    assert.equal(event.headers["User-Agent"], "python");
    assert.deepEqual(event.multiValueHeaders["tEsT-HEADeR"], ["aValUE"]);
    assert.equal(event.requestContext.identity.userAgent, "python");
  });

  it(`repeated headers: the last is the single one [${GUIDE}]`, async () => {
    const event = await eventOf({ path: "/x", headers: { "X-Multi": ["one", "two"] } });
    assert.equal(event.headers["X-Multi"], "two");
    assert.deepEqual(event.multiValueHeaders["X-Multi"], ["one", "two"]);
  });

  for (const name of [
    "Connection",
    "Content-MD5",
    "Expect",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "TE",
    "Trailer",
    "Upgrade",
    "WWW-Authenticate",
  ]) {
    it(`does not contain ${name} [${REMAPPING}]`, async () => {
      const event = await eventOf({ path: "/x", headers: { [name]: "value" } });
      assert.equal(event.headers[name], undefined);
    });
  }

  for (const name of [
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Age",
    "Content-Encoding",
    "Content-Type",
    "Date",
    "Pragma",
    "Range",
    "Referer",
    "Via",
    "Warn",
  ]) {
    it(`contains ${name} as sent [${REMAPPING}]`, async () => {
      const event = await eventOf({ path: "/x", headers: { [name]: "value" } });
      assert.equal(event.headers[name], "value");
    });
  }

  it(`gains the forwarding and trace headers [${EVENT}]`, async () => {
    const event = await eventOf({
      path: "/x",
      sourceIp: "192.0.2.7",
      headers: { "X-Forwarded-For": "198.51.100.1" },
    });
    assert.equal(event.headers["X-Forwarded-For"], "198.51.100.1, 192.0.2.7");
    assert.equal(event.headers["X-Forwarded-Port"], "443");
    assert.equal(event.headers["X-Forwarded-Proto"], "https");
    assert.match(event.headers["X-Amzn-Trace-Id"], /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.equal(event.requestContext.identity.sourceIp, "192.0.2.7");
  });

  it(`the domain is the Host header [mapping template reference, $context.domainName]`, async () => {
    const event = await eventOf({ path: "/x" });
    assert.equal(event.requestContext.domainName, "api.example.org");
    assert.equal(event.requestContext.domainPrefix, "api");
    assert.equal(event.headers.Host, "api.example.org");
  });

  it(`stage, account, region-independent ids and times [${EVENT}]`, async () => {
    const { requestContext } = await eventOf({ path: "/x" }, { accountId: "111111111111", apiId: "abc123" });
    assert.equal(requestContext.accountId, "111111111111");
    assert.equal(requestContext.apiId, "abc123");
    assert.equal(requestContext.stage, "stage");
    assert.equal(requestContext.protocol, "HTTP/1.1");
    assert.match(requestContext.requestTime, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    assert.ok(Math.abs(requestContext.requestTimeEpoch - Date.now()) < 60_000);
    assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/);
  });

  it("stage variables are there only when the stage has some [recorded null]", async () => {
    assert.equal((await eventOf({ path: "/x" })).stageVariables, null);
    assert.deepEqual((await eventOf({ path: "/x" }, { stageVariables: { a: "1" } })).stageVariables, {
      a: "1",
    });
  });

  it("path parameters of a variable segment stay encoded [recorded for the greedy one]", async () => {
    assert.deepEqual((await eventOf({ path: "/items/a%20b" })).pathParameters, { id: "a%20b" });
  });

  it("an empty body is null, text is text [recorded]", async () => {
    const empty = await eventOf({ path: "/x", method: "POST" });
    assert.equal(empty.body, null);
    assert.equal(empty.isBase64Encoded, false);
    const text = await eventOf({ path: "/x", method: "POST", body: '{"message": "hello world"}' });
    assert.equal(text.body, '{"message": "hello world"}');
    assert.equal(text.isBase64Encoded, false);
  });

  it("a binary media type arrives as base64 [developer guide, Content type conversions]", async () => {
    const body = Buffer.from([0x1f, 0x8b, 0xff, 0x00]);
    const event = await eventOf(
      { path: "/x", method: "POST", body, headers: { "Content-Type": "image/png" } },
      {},
      { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    );
    assert.equal(event.isBase64Encoded, true);
    assert.equal(event.body, body.toString("base64"));
  });

  it("bytes that are no text are replaced when the type is not binary [recorded for S3 uploads]", async () => {
    const event = await eventOf({
      path: "/x",
      method: "POST",
      body: Buffer.from([0x61, 0xff, 0x62]),
      headers: { "Content-Type": "image/png" },
    });
    assert.equal(event.body, "a\ufffdb");
    assert.equal(event.isBase64Encoded, false);
  });

  it("*/* makes every body binary [developer guide, Return binary media from a Lambda proxy]", async () => {
    const event = await eventOf(
      { path: "/x", method: "POST", body: "hi", headers: { "Content-Type": "text/plain" } },
      {},
      { "x-amazon-apigateway-binary-media-types": ["*/*"] },
    );
    assert.equal(event.body, "aGk=");
    assert.equal(event.isBase64Encoded, true);
  });

  it("operationId shows as operationName [import facts 28]", async () => {
    let event: Event;
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(lambdaProxy("f"), { operationId: "getA" }) } }),
      functions: {
        f: async (given) => {
          event = given;
          return { statusCode: 200 };
        },
      },
    });
    await gateway.request("/a");
    assert.equal(event.requestContext.operationName, "getA");
  });
});

describe("AWS_PROXY: the answer", () => {
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
      source: "localstack test_lambda_aws_proxy_response_format (validated on AWS)",
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
      name: "an error status of the function's own",
      source: GUIDE,
      result: { statusCode: 404, body: '{"message": "no"}' },
      status: 404,
      text: '{"message": "no"}',
    },
    {
      name: "an error type header of its own",
      source: "developer guide, Handle Lambda errors",
      result: { statusCode: 400, headers: { "X-Amzn-ErrorType": "InvalidParameterException" } },
      status: 400,
      headers: { "x-amzn-errortype": "InvalidParameterException" },
    },
  ];
  for (const { name, source, result, status = 200, text, headers = {} } of GOOD) {
    it(`${name} [${source}]`, async () => {
      const seen = await answerTo(result);
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
      name: "a multi-value header that is no list",
      source: FORMAT,
      result: { statusCode: 200, multiValueHeaders: { a: "b" } },
    },
    { name: "a status that is no number", source: FORMAT, result: { statusCode: "wrong" } },
    { name: "a bare text", source: FORMAT, result: "just a string" },
    { name: "nothing", source: GUIDE, result: undefined },
    { name: "a list", source: GUIDE, result: [] },
    { name: "a body that is an object", source: GUIDE, result: { statusCode: 200, body: { a: 1 } } },
    { name: "headers that are text", source: GUIDE, result: { statusCode: 200, headers: "a" } },
    { name: "a function that throws", source: GUIDE, result: new Error("boom") },
    {
      name: "an answer beyond Lambda's 6 MB",
      source: "DataBiosphere/azul#8258, observed on AWS",
      result: { statusCode: 200, body: "x".repeat(6_291_556) },
    },
  ];
  for (const { name, source, result } of BAD) {
    it(`${name} is 502 Internal server error [${source}]`, async () => {
      const seen = await answerTo(result);
      assert.equal(seen.status, 502);
      assert.equal(seen.text, '{"message": "Internal server error"}');
      assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
    });
  }

  it(`the spelling of multi-value headers wins [${FORMAT}, overwrite-casing]`, async () => {
    const seen = await answerTo({
      headers: { "test-multi": "value-solo" },
      multiValueHeaders: { "tesT-Multi": ["value-multi"] },
    });
    assert.ok(seen.rawHeaders.includes("tesT-Multi"));
    assert.ok(!seen.rawHeaders.includes("test-multi"));
  });

  it("base64 is decoded when the client accepts a binary type [developer guide, Return binary media]", async () => {
    const seen = await answerTo(
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

  it("only the first type of Accept counts [important notes]", async () => {
    const seen = await answerTo(
      { statusCode: 200, body: "AQL/", isBase64Encoded: true },
      { headers: { Accept: "text/html,image/png" } },
      { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    );
    assert.equal(seen.text, "AQL/");
  });

  it("WWW-Authenticate, Date, Server and Connection are renamed [important notes]", async () => {
    const seen = await answerTo({
      statusCode: 401,
      headers: { "WWW-Authenticate": "Basic", Server: "s", Connection: "close", Date: "d" },
    });
    assert.equal(seen.headers["x-amzn-remapped-www-authenticate"], "Basic");
    assert.equal(seen.headers["x-amzn-remapped-server"], "s");
    assert.equal(seen.headers["x-amzn-remapped-connection"], "close");
    assert.equal(seen.headers["x-amzn-remapped-date"], "d");
    assert.equal(seen.headers["www-authenticate"], undefined);
  });

  it("an integration method other than POST is 500 [test_lambda_aws_proxy_integration_non_post_method]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(lambdaProxy("f", { httpMethod: "GET" })) } }),
      functions: { f: async () => ({}) },
    });
    const seen = await gateway.request("/a");
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
  });

  it("a function that is not there is 500 [Invalid permissions on Lambda function; serverless-application-model#296]", async () => {
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

  it("a trace id from the client comes back [test_invocation_trace_id]", async () => {
    const full = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1";
    assert.equal(
      (await answerTo({}, { headers: { "X-Amzn-Trace-Id": full } })).headers["x-amzn-trace-id"],
      full,
    );
    const small = (
      await answerTo({}, { headers: { "X-Amzn-Trace-Id": "Root=1-3152b799-8954dae64eda91bc9a23a7e8" } })
    ).headers["x-amzn-trace-id"];
    assert.match(small ?? "", /^Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=[0-9a-f]{16};/);
  });
});
