import assert from "node:assert/strict";
import { Quota, TokenBucket } from "../../../../gateway/rest-api/token-bucket";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

describe("throttling", () => {
  it("a bucket starts with the burst and refills at the rate [guide, token bucket]", () => {
    const bucket = new TokenBucket(2, 3, 0);
    assert.deepEqual(
      [bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)],
      [true, true, true, false],
    );
    assert.deepEqual([bucket.take(400), bucket.take(500), bucket.take(500)], [false, true, false]);
  });
  it("a quota begins anew with its period", () => {
    const quota = new Quota(1, "DAY");
    const noon = Date.UTC(2026, 0, 5, 12);
    assert.deepEqual(
      [quota.take(noon), quota.take(noon + 3600_000), quota.take(noon + 12 * 3600_000)],
      [true, false, true],
    );
  });
  for (const key of ["*/*", "a/GET", "/a/GET", "~1a/GET"]) {
    it(`method settings of ${key} limit GET /a [API reference, Stage methodSettings]`, async () => {
      const served = gatewayFor({
        definition: openapi({ "/a": open() }),
        stageSettings: { methodSettings: { [key]: { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 } } },
      });
      assert.equal((await served.request("/a")).status, 200);
      assert.equal((await served.request("/a")).status, 429);
    });
  }
  it("-1 means no limit", async () => {
    const served = gatewayFor({
      definition: openapi({ "/a": open() }),
      stageSettings: { methodSettings: { "*/*": { throttlingRateLimit: -1, throttlingBurstLimit: -1 } } },
    });
    for (let i = 0; i < 5; i += 1) assert.equal((await served.request("/a")).status, 200);
  });
});
