import assert from "node:assert/strict";
import { mockStatus } from "../../../../gateway/rest-api/integrations/mock";
import { callIntegration as call, mockOf } from "../support";

const MOCK = "recorded: test_integration_mock";
const OVERRIDE = "recorded: test_integration_mock_with_response_override_in_request_template";

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
    it(`${JSON.stringify(text)} is not a status [${MOCK}]`, () => assert.equal(mockStatus(text), undefined));
  }
  for (const [name, responses] of [
    ["the wide one first", { ".*": 500, "4\\d{2}": 404 }],
    ["the narrow one first", { "4\\d{2}": 404, ".*": 500 }],
    ["none with that status", { "4\\d{2}": 405, ".*": 500 }],
  ] as const) {
    const wanted = name.startsWith("none") ? 405 : 404;
    it(`of several matching patterns, ${name}: ${wanted} [ministackorg/ministack#1756, measured on AWS]`, async () => {
      const seen = await call({
        type: "mock",
        requestTemplates: { "application/json": '{"statusCode": 404}' },
        responses: {
          default: { statusCode: "200" },
          ...Object.fromEntries(
            Object.entries(responses).map(([key, status]) => [key, { statusCode: String(status) }]),
          ),
        },
      });
      assert.equal(seen.status, wanted);
    });
  }
  it(`without a status it is 500 [${MOCK}]`, async () => {
    const seen = await call({ type: "mock", responses: { default: { statusCode: "200" } } });
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
    assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
  });
  for (const behavior of ["when_no_match", "NEVER", "when_no_templates"]) {
    it(`responds with ${behavior} [recorded: test_mock_integration_response]`, async () => {
      assert.deepEqual(
        (await call(mockOf('{"statusCode": 200, "id": 42}', { passthroughBehavior: behavior }))).json,
        { statusCode: 200, id: 42 },
      );
    });
  }
  it("has no trace id, and application/json [recorded: test_invocation_trace_id]", async () => {
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
  it("maps of overrides accept names in brackets and put [recorded: test_integration_mock_with_vtl_map_assignation]", async () => {
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
    it(`path overrides carry data to the response: ${message} [recorded: test_integration_mock_with_request_overrides_in_response_template]`, async () => {
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
    it(`a status override of ${value} is ignored [recorded: test_integration_mock]`, async () => {
      assert.equal((await call(mockOf(`#set($context.responseOverride.status = ${value})x`))).status, 200);
    });
  }
  it("CORS responses are exactly as defined, without additions", async () => {
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
