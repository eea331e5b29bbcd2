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
  it("name a request template that does not parse, with its place", () => {
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
});
