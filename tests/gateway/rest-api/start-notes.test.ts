import assert from "node:assert/strict";
import { gatewayFor, lambdaUri, mockOf, openapi, operation } from "./support";

const notesOf = (integration: Record<string, unknown>): string[] => {
  const notes: string[] = [];
  gatewayFor({
    definition: openapi({ "/a": { post: operation(integration) } }),
    functions: { f: async () => ({}) },
    log: (line) => notes.push(line),
  });
  return notes;
};

describe("notes at start", () => {
  it("name a request template that does not parse, with the location", () => {
    assert.deepEqual(notesOf(mockOf("1", { requestTemplates: { "application/json": "a\n#if(true)x" } })), [
      "POST /a: the request template for application/json is not valid VTL, line 2, column 11: expected #end, found the end",
    ]);
  });
  it("name a response template that does not parse", () => {
    assert.deepEqual(notesOf(mockOf("x#end")), [
      'POST /a: the response template of 200 for application/json is not valid VTL, line 1, column 2: no block is open, found "#end"',
    ]);
  });
  it("name a JSONPath that does not parse", () => {
    const [note, ...more] = notesOf(mockOf(`$input.json("$.a[") $input.path('$.b')`));
    assert.match(
      note ?? "",
      /^POST \/a: the response template of 200 for application\/json has an invalid JSONPath: /,
    );
    assert.deepEqual(more, []);
  });
  it("name a function whose response AWS streams", () => {
    const uri = lambdaUri("f").replace("/invocations", "/response-streaming-invocations");
    assert.deepEqual(notesOf({ type: "aws_proxy", httpMethod: "POST", uri }), [
      "POST /a: the function's response is streamed on AWS, and buffered here",
    ]);
  });
  it("are empty for valid templates, also with references in a path", () => {
    assert.deepEqual(
      notesOf(mockOf(`$a#$b "{""x"": 1}" $input.json("$.$name") $input.path('$.items[?(@.a == 1)]')`)),
      [],
    );
  });

  it("say that a definition which cannot be served is an HTTP API's", () => {
    const integration = {
      type: "AWS_PROXY",
      httpMethod: "POST",
      uri: "arn:aws:lambda:us-east-1:123456789012:function:f",
      payloadFormatVersion: "2.0",
    };
    assert.throws(
      () => notesOf(integration),
      /\n\tThis is a definition of an HTTP API \(payloadFormatVersion\)/,
    );
    const { payloadFormatVersion: _, ...rest } = integration;
    assert.throws(
      () => notesOf(rest),
      (error: Error) => !error.message.includes("HTTP API"),
    );
  });
  it("refuse a cache key of several values [DianaIonita/serverless-api-gateway-caching#70]", () => {
    const cached = (name: string) => mockOf("1", { cacheKeyParameters: [`method.request.${name}.v`] });
    assert.throws(
      () => notesOf(cached("multivaluequerystring")),
      /Invalid mapping expression specified: method/,
    );
    assert.deepEqual(notesOf(cached("querystring")), []);
  });
});
