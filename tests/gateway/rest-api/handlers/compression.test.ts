import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

describe("compression", () => {
  it("a response of the minimum size is compressed when the client accepts it [guide, Payload compression]", async () => {
    const gateway = gatewayFor({
      definition: openapi(
        { "/a": open("x".repeat(100)) },
        { "x-amazon-apigateway-minimum-compression-size": 50 },
      ),
    });
    const seen = await gateway.request({ path: "/a", headers: { "Accept-Encoding": "gzip, deflate" } });
    assert.equal(seen.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(seen.body).toString(), "x".repeat(100));
    assert.equal((await gateway.request("/a")).headers["content-encoding"], undefined);
  });
});
