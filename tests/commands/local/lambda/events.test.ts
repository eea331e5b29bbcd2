import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readEvent } from "../../../../commands/local/lambda/events";

describe("An event given as an argument", () => {
  it("is JSON, as text or in a file", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "events-"));
    const file = path.join(folder, "event.json");
    fs.writeFileSync(file, '{"a": 1}\n');
    assert.deepEqual(readEvent('{"a":1}', true), { a: 1 });
    assert.deepEqual(readEvent(file, true), { a: 1 });
    fs.rmSync(folder, { recursive: true });
  });

  it("is a token for an authorizer", () => {
    assert.deepEqual(readEvent("read-token", true), {
      type: "TOKEN",
      authorizationToken: "Bearer read-token",
      methodArn: "arn:aws:execute-api:us-east-1:123456789012:example/dev/GET/resource",
    });
  });

  it("is a method and a path for a function behind routes", () => {
    const event = readEvent("POST /a/b%20c?q=1&q=2&r=%26", false) as Record<string, unknown>;
    assert.equal(event.httpMethod, "POST");
    assert.equal(event.path, "/a/b%20c");
    assert.deepEqual(event.pathParameters, { proxy: "a/b%20c" });
    assert.deepEqual(event.multiValueQueryStringParameters, { q: ["1", "2"], r: ["&"] });
    assert.deepEqual(event.queryStringParameters, { q: "2", r: "&" });
    const root = readEvent("GET /", false) as Record<string, unknown>;
    assert.deepEqual([root.resource, root.pathParameters, root.queryStringParameters], ["/", null, null]);
  });

  it("is refused when it is a file that does not exist, not read as a token", () => {
    for (const text of ["nofile.json", "./events/read", "/tmp/no/such/event"])
      assert.throws(() => readEvent(text, true), { message: `There is no file ${text}.` });
    assert.throws(() => readEvent("nofile.json", false), { message: "There is no file nofile.json." });
  });

  it("is refused when it is none of these", () => {
    assert.throws(() => readEvent("{broken", false), /The event is not valid JSON: /);
    assert.throws(
      () => readEvent("read-token", false),
      /The event is read-token; accepted: JSON, a file with JSON, or METHOD \/path/,
    );
  });
});
