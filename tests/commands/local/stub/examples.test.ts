import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleFinder } from "../../../../commands/local/stub/examples";
import type { Integration } from "../../../../offline/model/definition";

const spec = `
openapi: 3.0.3
info: { title: x, version: "1" }
paths:
  /given: { get: { responses: { "200": { description: "", content: { application/json: { example: { a: 1 } } } } } } }
  /named: { post: { responses: { "201": { description: "", content: { application/json: { examples: { one: { value: [2] } } } } } } } }
  /parts: { get: { responses: { "200": { $ref: "#/components/responses/Parts" } } } }
  /things/{id}: { get: { responses: { "404": { description: "" }, "200": { description: "", content: { text/plain: { example: a thing } } } } } }
  /things/special: { get: { responses: { "200": { description: "", content: { text/plain: { example: special } } } } } }
  /nothing: { get: { responses: { "200": { description: "", content: { application/json: { schema: { type: object } } } } } } }
  /moved: { get: { responses: { "404": { description: "" }, "307": { description: "" } } } }
  /made: { post: { responses: { "201": { description: "" } } } }
  /failing: { get: { responses: { "404": { description: "" }, default: { description: "" } } } }
components:
  responses:
    Parts: { description: "", content: { application/json: { schema: { $ref: "#/components/schemas/Parts" } } } }
  schemas:
    Parts:
      allOf:
        - { type: object, properties: { name: { type: string, example: n }, silent: { type: string } } }
        - { type: object, properties: { list: { type: array, items: { $ref: "#/components/schemas/Item" } } } }
    Item: { type: object, properties: { id: { type: integer, example: 7 }, again: { $ref: "#/components/schemas/Item" } } }
`;

describe("The stub's examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-examples-"));
  const file = join(folder, "spec.yaml");
  writeFileSync(file, spec);
  after(() => rmSync(folder, { recursive: true }));

  const route = (method: string, path: string, backendPath = path): Integration => ({
    method,
    path,
    type: "http_proxy",
    uri: `http://\${stageVariables.VPCNLB}${backendPath}`,
    connectionId: "${stageVariables.VPCLINK}",
  });
  const find = exampleFinder(file, [
    route("GET", "/given", "/elsewhere/given/"),
    route("POST", "/named"),
    route("GET", "/parts"),
    route("GET", "/things/{id}"),
    route("GET", "/things/special"),
    route("GET", "/nothing"),
    route("GET", "/moved"),
    route("POST", "/made"),
    route("GET", "/failing"),
  ]);

  it("are found by the backend's path when it differs from the API's", () => {
    assert.deepEqual(find("GET", "/elsewhere/given/"), {
      status: 200,
      content: { type: "application/json", body: '{"a":1}' },
    });
    assert.equal(find("GET", "/given"), undefined);
  });

  it("include named ones, with the status of the first success", () => {
    assert.deepEqual(find("POST", "/named"), {
      status: 201,
      content: { type: "application/json", body: "[2]" },
    });
  });

  it("are composed of a schema's parts, through references", () => {
    const { name, list, silent } = JSON.parse(find("GET", "/parts")?.content?.body ?? "{}");
    assert.deepEqual([name, list[0].id, silent], ["n", 7, undefined]);
  });

  it("belong to the most specific route", () => {
    assert.equal(find("GET", "/things/special")?.content?.body, "special");
    assert.equal(find("GET", "/things/1")?.content?.body, "a thing");
  });

  it("are never invented", () => {
    assert.deepEqual(find("GET", "/nothing"), { status: 200 });
    assert.equal(find("DELETE", "/given"), undefined);
  });

  it("leave the declared success or redirect as status where there is none", () => {
    assert.deepEqual(find("GET", "/moved"), { status: 307 });
    assert.deepEqual(find("POST", "/made"), { status: 201 });
    assert.equal(find("GET", "/failing"), undefined);
  });
});
