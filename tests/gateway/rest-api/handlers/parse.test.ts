import assert from "node:assert/strict";
import { gatewayFor, lambdaProxy, openapi, operation } from "../support";

describe("the request's line and headers", () => {
  const gateway = () =>
    gatewayFor({
      definition: openapi({ "/{__proto__}": { get: operation(lambdaProxy("f")) } }),
      functions: { f: async (event) => ({ body: JSON.stringify(event) }) },
    });

  it("of more than 10,240 bytes are 431 [quotas; users' reports of the text]", async () => {
    const seen = await gateway().request({ path: "/a", headers: { "X-Long": "x".repeat(10_240) } });
    assert.equal(seen.status, 431);
    assert.equal(seen.text, "HTTP header is larger than 10240 bytes.");
    assert.equal((await gateway().request({ path: `/a?${"x".repeat(10_240)}` })).status, 431);
  });
  it("of fewer bytes pass", async () => {
    assert.equal(
      (await gateway().request({ path: "/a", headers: { "X-Long": "x".repeat(10_000) } })).status,
      200,
    );
  });
  it("may have names that every JavaScript object inherits", async () => {
    const seen = await gateway().request({
      path: "/v?__proto__=q&constructor=c",
      headers: { ["__proto__"]: "h", constructor: "k" },
    });
    assert.equal(seen.status, 200, seen.text);
    assert.ok(Object.entries(seen.json.headers).join(";").includes("__proto__,h"));
    assert.equal(seen.json.headers.constructor, "k");
    assert.ok(Object.hasOwn(seen.json.queryStringParameters, "__proto__"));
    assert.deepEqual(seen.json.multiValueQueryStringParameters.constructor, ["c"]);
    assert.equal(Object.entries(seen.json.pathParameters).join(), "__proto__,v");
  });
});
