import assert from "node:assert/strict";
import { gatewayFor, lambdaProxy, openapi, operation, type Sent } from "../support";

const EVENT = "recorded: test_lambda_aws_proxy_integration";
const REMAPPING = "recorded: TestApiGatewayHeaderRemapping[AWS_PROXY]";
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

  it(`keeps the case of header names except Authorization and User-Agent [${EVENT}]`, async () => {
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

  it("stage variables are null when the stage has none [recorded null]", async () => {
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

  it("bytes that are not text are replaced when the type is not binary [recorded for S3 uploads]", async () => {
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
