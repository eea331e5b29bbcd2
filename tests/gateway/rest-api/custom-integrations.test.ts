import assert from "node:assert/strict";
import { convert } from "../../../gateway/rest-api/integrations/integration-request";
import { convertResponse } from "../../../gateway/rest-api/integrations/integration-response";
import { mockStatus } from "../../../gateway/rest-api/integrations/mock";
import { gatewayFor, lambdaUri, mockOf, openapi, operation, type Seen, type Sent } from "./support";

const MOCK = "localstack TestMockIntegration (validated on AWS)";
const SELECTION = "localstack test_lambda_selection_patterns snapshot (recorded on AWS)";
const PASSTHROUGH = "developer guide, Integration passthrough behaviors";
const CONVERSION = "developer guide, Content type conversions in API Gateway";
const OVERRIDE =
  "localstack test_integration_mock_with_response_override_in_request_template (recorded on AWS)";

async function call(
  integration: Record<string, unknown>,
  sent: Sent = {},
  rest: Record<string, unknown> = {},
  options: object = {},
): Promise<Seen> {
  const gateway = gatewayFor({
    definition: openapi(
      {
        "/{path}": {
          "x-amazon-apigateway-any-method": operation(integration, {
            responses: rest.responses ?? {},
            parameters: rest.parameters ?? [],
          }),
        },
      },
      (rest.root as Record<string, unknown>) ?? {},
    ),
    ...options,
  });
  return gateway.request({ path: "/a", ...sent });
}

describe("MOCK", () => {
  for (const text of [
    '{"statusCode": 200}',
    "{ statusCode: 200 }",
    "{statusCode: 200,super{ f}oo: [ba r]}",
    "{statusCode: 200, \"value\": 'goog'}",
    "{statusCode: 200, foo}: [ba r]}",
    "{statusCode: 200, foo'}: [ba r]}",
    "{statusCode: 200, }foo: [ba r]}",
    "{statusCode: 200, }foo: ''}",
    '{statusCode: 200, " ": " "}',
    '{statusCode: 200, "": ""}',
    "{'statusCode': 200, '': ''}",
    '{"statusCode": 200, "": ""}',
    '{"statusCode": 200 , }',
    '{"statusCode": 200 ,, }',
    '{"statusCode": 200 , null: null }',
  ]) {
    it(`${text} is status 200 [${MOCK}]`, () => assert.equal(mockStatus(text), 200));
  }
  for (const text of [
    "{\"statusCode': 200 }",
    "{'statusCode\": 200 }",
    "{'statusCode: 200 }",
    "statusCode: 200",
    "{statusCode: 200, {foo: [ba r]}",
    '{"statusCode": "200"}',
    '{"statusCode": 200',
    "",
    "{}",
  ]) {
    it(`${JSON.stringify(text)} is no status [${MOCK}]`, () => assert.equal(mockStatus(text), undefined));
  }
  it(`without a status it is 500 [${MOCK}]`, async () => {
    const seen = await call({ type: "mock", responses: { default: { statusCode: "200" } } });
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
    assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
  });
  for (const behavior of ["when_no_match", "NEVER", "when_no_templates"]) {
    it(`answers with ${behavior} [localstack test_mock_integration_response (recorded on AWS)]`, async () => {
      assert.deepEqual(
        (await call(mockOf('{"statusCode": 200, "id": 42}', { passthroughBehavior: behavior }))).json,
        { statusCode: 200, id: 42 },
      );
    });
  }
  it("has no trace id, and application/json [test_invocation_trace_id, recorded]", async () => {
    const seen = await call(mockOf("{}"));
    assert.equal(seen.headers["x-amzn-trace-id"], undefined);
    assert.equal(seen.headers["content-type"], "application/json");
    assert.ok(seen.headers["x-amzn-requestid"] && seen.headers["x-amz-apigw-id"]);
  });
  it("the status selects the response", async () => {
    const seen = await call({
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 404}' },
      responses: { default: { statusCode: "200" }, "4\\d{2}": { statusCode: "410" } },
    });
    assert.equal(seen.status, 410);
  });
  it(`overrides reach the response without a response template [${OVERRIDE}]`, async () => {
    const seen = await call({
      type: "mock",
      requestTemplates: {
        "application/json":
          '#set($context.responseOverride.status = 444)\n#set($context.responseOverride.header.foo = "bar")\n{"statusCode": 200}',
      },
      responses: { "2\\d{2}": { statusCode: "200" } },
    });
    assert.equal(seen.status, 444);
    assert.equal(seen.headers.foo, "bar");
    assert.equal(seen.text, "");
  });
  it(`overrides can be read in the response template [${OVERRIDE}]`, async () => {
    const seen = await call({
      type: "mock",
      requestTemplates: {
        "application/json":
          '#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")#set($context.responseOverride.custom = "is also passed around"){"statusCode": 200}',
      },
      responses: {
        "2\\d{2}": {
          statusCode: "200",
          responseTemplates: {
            "application/json":
              '{"statusOverride": "$context.responseOverride.status","fooHeader": "$context.responseOverride.header.foo","custom": "$context.responseOverride.custom"}',
          },
        },
      },
    });
    assert.deepEqual(seen.json, { statusOverride: "444", fooHeader: "bar", custom: "is also passed around" });
  });
  it("maps of overrides take names in brackets and put [test_integration_mock_with_vtl_map_assignation, recorded]", async () => {
    const seen = await call({
      type: "mock",
      requestTemplates: {
        "application/json":
          '#set($paramName = "foo")\n#set($context.requestOverride.querystring[$paramName] = "bar")\n#set($paramPutName = "putfoo")\n$context.requestOverride.querystring.put($paramPutName, "putBar")\n#set($context["requestOverride"].querystring["nestedfoo"] = "nestedFoo")\n{"statusCode": 200}',
      },
      responses: {
        "2\\d{2}": {
          statusCode: "200",
          responseTemplates: {
            "application/json":
              '{"value": "$context.requestOverride.querystring["foo"]","value2": "$context.requestOverride.querystring["putfoo"]","value3": "$context.requestOverride.querystring["nestedfoo"]"}',
          },
        },
      },
    });
    assert.deepEqual(seen.json, { value: "bar", value2: "putBar", value3: "nestedFoo" });
  });
  for (const [message, wanted] of [
    ["path1", "path was path one"],
    ["path2", "path was path two"],
    ["whatever", "this is the else clause"],
  ]) {
    it(`path overrides carry data to the response: ${message} [test_integration_mock_with_request_overrides_in_response_template, recorded]`, async () => {
      const seen = await call(
        {
          type: "mock",
          requestTemplates: {
            "application/json":
              "#set($body = $util.base64Decode($input.params('path')))\n#set($context.requestOverride.path.body = $body)\n{\n  \"statusCode\": 200\n}\n",
          },
          responses: {
            "2\\d{2}": {
              statusCode: "200",
              responseTemplates: {
                "application/json":
                  '\n#set($body = $util.parseJson($context.requestOverride.path.body))\n#set($inputBody = $body.message)\n#if($inputBody == "path1")\n{\n   "response": "path was path one"\n}\n#elseif($inputBody == "path2")\n{\n   "response": "path was path two"\n}\n#else\n{\n  "response": "this is the else clause"\n}\n#end\n',
              },
            },
          },
        },
        { path: `/${Buffer.from(JSON.stringify({ message })).toString("base64")}` },
      );
      assert.deepEqual(seen.json, { response: wanted });
    });
  }
  it("the same override twice is an error [Use a mapping template to override …]", async () => {
    assert.equal(
      (
        await call({
          type: "mock",
          requestTemplates: {
            "application/json":
              '#set($context.requestOverride.header.a = "1")#set($context.requestOverride.header.a = "2"){"statusCode": 200}',
          },
          responses: { default: { statusCode: "200" } },
        })
      ).status,
      500,
    );
  });
  for (const value of ['"200 OK"', "99", "600", '"text"']) {
    it(`a status override of ${value} is ignored [localstack, validated on AWS]`, async () => {
      assert.equal((await call(mockOf(`#set($context.responseOverride.status = ${value})x`))).status, 200);
    });
  }
  it("CORS answers are exactly what is defined, nothing is added", async () => {
    const cors = {
      "method.response.header.Access-Control-Allow-Origin": "'*'",
      "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
    };
    const headers = { "Access-Control-Allow-Origin": {}, "Access-Control-Allow-Methods": {} };
    const seen = await call(
      mockOf("", { responses: { default: { statusCode: "200", responseParameters: cors } } }),
      { method: "OPTIONS", headers: { Origin: "https://a.example.org" } },
      { responses: { 200: { headers } } },
    );
    assert.equal(seen.headers["access-control-allow-origin"], "*");
    assert.equal(seen.headers["access-control-allow-methods"], "GET,OPTIONS");
    assert.equal(seen.headers["access-control-allow-headers"], undefined);
    assert.equal(
      (await call(mockOf(""), { headers: { Origin: "https://a.example.org" } })).headers[
        "access-control-allow-origin"
      ],
      undefined,
    );
  });
});

describe("AWS with a Lambda function", () => {
  const lambda = (rest: Record<string, unknown> = {}) => ({
    type: "aws",
    httpMethod: "POST",
    uri: lambdaUri("f"),
    responses: { default: { statusCode: "200" } },
    ...rest,
  });

  it("passes the payload through [test_lambda_aws_integration, recorded]", async () => {
    const seen = await call(
      lambda(),
      { method: "POST", body: '{"message": "hello world"}' },
      {},
      { functions: { f: async (event: unknown) => event } },
    );
    assert.deepEqual(seen.json, { message: "hello world" });
    assert.ok(seen.headers["x-amzn-trace-id"]);
  });
  it("maps the request by its template [test_lambda_aws_integration_with_request_template, recorded]", async () => {
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
  it("a mapped error's body goes through the response's template", async () => {
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
    it(`a mapping to ${name} is 500 [TestApiGatewayHeaderRemapping[AWS], recorded]`, async () => {
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
  it("a payload that is no JSON never reaches the function: 500", async () => {
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

describe("passthrough", () => {
  const table: [
    template: string,
    type: string | undefined,
    behavior: string,
    outcome: "template" | "as is" | 415,
  ][] = [];
  for (const [template, rows] of Object.entries({
    "application/json": {
      none: ["template", "template", "template"],
      "application/json": ["template", "template", "template"],
      "application/xml": ["as is", 415, 415],
    },
    "application/xml": {
      none: ["as is", 415, 415],
      "application/json": ["as is", 415, 415],
      "application/xml": ["template", "template", "template"],
    },
    "": { none: ["as is", "as is", 415], "application/json": ["as is", "as is", 415] },
  } as Record<string, Record<string, ("template" | "as is" | 415)[]>>)) {
    for (const [type, outcomes] of Object.entries(rows)) {
      for (const [index, outcome] of outcomes.entries()) {
        const behavior = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"][index] as string;
        table.push([template, type === "none" ? undefined : type, behavior, outcome]);
      }
    }
  }
  for (const [template, type, behavior, outcome] of table) {
    it(`template for ${template || "nothing"}, ${type ?? "no content type"}, ${behavior}: ${outcome} [${PASSTHROUGH}]`, async () => {
      const seen = await call(
        {
          type: "aws",
          httpMethod: "POST",
          uri: lambdaUri("f"),
          passthroughBehavior: behavior,
          requestTemplates: template ? { [template]: '{"by":"template"}' } : {},
          responses: { default: { statusCode: "200" } },
        },
        { method: "POST", body: '{"as":"is"}', headers: type ? { "Content-Type": type } : {} },
        {},
        { functions: { f: async (event: unknown) => event } },
      );
      if (outcome === 415) {
        assert.equal(seen.status, 415);
        assert.equal(seen.text, '{"message": "Unsupported Media Type"}');
      } else assert.deepEqual(seen.json, outcome === "template" ? { by: "template" } : { as: "is" });
    });
  }
  it("$default stands for any type, a charset does not hide the type [test_default_template]", async () => {
    const integration = {
      type: "aws",
      httpMethod: "POST",
      uri: lambdaUri("f"),
      requestTemplates: { $default: '"default"', "application/json": '"json"' },
      responses: { default: { statusCode: "200" } },
    };
    const f = { functions: { f: async (event: unknown) => event } };
    assert.equal(
      (
        await call(
          integration,
          { method: "POST", body: "x", headers: { "Content-Type": "text/plain" } },
          {},
          f,
        )
      ).json,
      "default",
    );
    assert.equal(
      (
        await call(
          integration,
          { method: "POST", body: "{}", headers: { "Content-Type": "application/json; charset=utf-8" } },
          {},
          f,
        )
      ).json,
      "json",
    );
  });
  for (const [accept, wanted] of [
    [undefined, "json"],
    ["application/xml", "xml"],
    ["application/json", "json"],
    ["text/plain", "json"],
    ["application/xml,application/json", "xml"],
  ] as const) {
    it(`Accept ${accept}: the ${wanted} response template [Select a VTL mapping template]`, async () => {
      const seen = await call(
        {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode":200}' },
          responses: {
            default: {
              statusCode: "200",
              responseTemplates: { "application/xml": "xml", "application/json": "json" },
            },
          },
        },
        { headers: accept ? { Accept: accept } : {} },
      );
      assert.equal(seen.text, wanted);
      assert.equal(seen.headers["content-type"], `application/${wanted}`);
    });
  }
});

describe("payload conversion", () => {
  const raw = Buffer.from([0x1f, 0x8b, 0x08, 0xff]);
  const base64 = Buffer.from(raw.toString("base64"));
  const utf8 = Buffer.from(raw.toString("utf8"));
  for (const [binary, handling, given, wanted] of [
    [false, undefined, raw, utf8],
    [false, "CONVERT_TO_TEXT", raw, utf8],
    [false, "CONVERT_TO_BINARY", base64, raw],
    [false, "CONVERT_TO_BINARY", raw, undefined],
    [true, undefined, raw, raw],
    [true, "CONVERT_TO_BINARY", raw, raw],
    [true, "CONVERT_TO_TEXT", raw, base64],
  ] as const) {
    it(`request: ${binary ? "binary" : "text"} type, ${handling}: ${wanted ? wanted.toString("latin1").length : "500"} [${CONVERSION}; TestApiGatewayS3BinarySupport, recorded]`, () => {
      if (wanted) assert.deepEqual(convert(Buffer.from(given), binary, handling), wanted);
      else assert.throws(() => convert(Buffer.from(given), binary, handling), /Internal server error/);
    });
  }
  for (const [payload, accept, handling, given, wanted] of [
    [false, false, undefined, raw, utf8],
    [false, false, "CONVERT_TO_BINARY", base64, raw],
    [false, false, "CONVERT_TO_TEXT", raw, utf8],
    [false, true, undefined, base64, raw],
    [false, true, undefined, raw, undefined],
    [false, true, "CONVERT_TO_BINARY", base64, raw],
    [false, true, "CONVERT_TO_TEXT", raw, utf8],
    [true, false, undefined, raw, base64],
    [true, false, "CONVERT_TO_BINARY", raw, raw],
    [true, false, "CONVERT_TO_TEXT", raw, base64],
    [true, true, undefined, raw, raw],
    [true, true, "CONVERT_TO_BINARY", raw, raw],
    [true, true, "CONVERT_TO_TEXT", raw, base64],
  ] as const) {
    it(`response: ${payload ? "binary" : "text"} payload, ${accept ? "binary" : "text"} Accept, ${handling} [${CONVERSION}; TestApiGatewayS3BinarySupport, recorded]`, () => {
      if (wanted)
        assert.deepEqual(convertResponse(Buffer.from(given), payload, accept, handling).data, wanted);
      else
        assert.throws(
          () => convertResponse(Buffer.from(given), payload, accept, handling),
          /Internal server error/,
        );
    });
  }

  const CHALICE = "aws/chalice#1310; squidfunk/terraform-aws-api-gateway-enable-cors#10";
  for (const { contentHandling, status } of [
    { contentHandling: undefined, status: 500 },
    { contentHandling: "CONVERT_TO_BINARY", status: 500 },
    { contentHandling: "CONVERT_TO_TEXT", status: 200 },
  ]) {
    it(`an OPTIONS mock where every type is binary, ${contentHandling}: ${status} [${CHALICE}]`, async () => {
      const gateway = gatewayFor({
        definition: openapi(
          { "/a": { options: operation(mockOf("", contentHandling ? { contentHandling } : {})) } },
          { "x-amazon-apigateway-binary-media-types": ["*/*"] },
        ),
      });
      assert.equal((await gateway.request({ path: "/a", method: "OPTIONS" })).status, status);
    });
  }
  it("a function's base64 text becomes the bytes it stands for [guide, Access binary files in Lambda]", async () => {
    const gateway = gatewayFor({
      definition: openapi({
        "/image": {
          get: operation({
            type: "aws",
            httpMethod: "POST",
            uri: lambdaUri("image"),
            responses: { default: { statusCode: 200, contentHandling: "CONVERT_TO_BINARY" } },
          }),
        },
      }),
      functions: { image: async () => raw.toString("base64") },
    });
    assert.deepEqual((await gateway.request("/image")).body, raw);
  });
});
