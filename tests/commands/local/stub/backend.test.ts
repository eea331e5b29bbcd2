import assert from "node:assert/strict";
import { type StubBackend, startStubBackend } from "../../../../commands/local/stub/backend";

describe("A stub backend", () => {
  let stub: StubBackend;
  before(async () => {
    stub = await startStubBackend("uuid-api", (method, path) =>
      path === "/known" && method === "GET"
        ? { status: 201, content: { type: "text/plain", body: "known" } }
        : undefined,
    );
  });
  after(() => stub.close());

  it("answers with the example if there is one", async () => {
    const answer = await fetch(`${stub.origin}/known`);
    assert.deepEqual([answer.status, await answer.text()], [201, "known"]);
  });

  it("describes the request if there is none, without its token", async () => {
    const answer = await fetch(`${stub.origin}/a/b?x=1&x=2`, {
      method: "POST",
      body: "12345",
      headers: { authorization: "Bearer secret-token", "uws-authorization": "secret-token", "x-one": "1" },
    });
    const text = await answer.text();
    const { service, method, path, query, headers, body } = JSON.parse(text);
    assert.deepEqual(
      [service, method, path, query, body],
      ["uuid-api", "POST", "/a/b", { x: ["1", "2"] }, { bytes: 5 }],
    );
    assert.equal(headers["x-one"], "1");
    assert.doesNotMatch(text, /secret-token/);
  });

  it("allows in a preflight the method and the headers that the browser asks for", async () => {
    const preflight = (headers: Record<string, string> = {}) =>
      fetch(`${stub.origin}/known`, { method: "OPTIONS", headers });
    const { status, headers } = await preflight({
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "authorization,x-tenant",
    });
    assert.deepEqual(
      [
        status,
        ...["origin", "methods", "headers"].map((rest) => headers.get(`access-control-allow-${rest}`)),
      ],
      [204, "*", "PATCH", "authorization,x-tenant"],
    );
    assert.match((await preflight()).headers.get("access-control-allow-methods") ?? "", /PATCH/);
  });
});
