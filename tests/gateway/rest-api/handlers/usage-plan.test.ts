import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const KEYED = {
  components: { securitySchemes: { key: { type: "apiKey", name: "x-api-key", in: "header" } } },
};
const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

describe("API keys and usage plans", () => {
  const gateway = (apiKeys: object[]) =>
    gatewayFor({
      definition: openapi(
        {
          "/a": {
            get: operation(mockOf('"$context.identity.apiKey $context.identity.apiKeyId"'), {
              security: [{ key: [] }],
            }),
          },
          "/open": open(),
        },
        KEYED,
      ),
      apiKeys: apiKeys as never,
    });
  for (const [name, headers, status] of [
    ["no key", {}, 403],
    ["a wrong key", { "x-api-key": "no" }, 403],
    ["the key", { "x-api-key": "good" }, 200],
    ["the key in another case of the header", { "X-API-Key": "good" }, 200],
    ["a disabled key", { "x-api-key": "off" }, 403],
  ] as const) {
    it(`${name}: ${status} [recorded: test_api_key_required_for_methods]`, async () => {
      const seen = await gateway([
        { value: "good", id: "id1" },
        { value: "off", enabled: false },
      ]).request({ path: "/a", headers: { ...headers } });
      assert.equal(seen.status, status);
      if (status === 403) {
        assert.equal(seen.text, '{"message":"Forbidden"}');
        assert.equal(seen.headers["x-amzn-errortype"], "ForbiddenException");
      } else assert.equal(seen.text, '"good id1"');
    });
  }
  it("a method without the requirement needs none", async () =>
    assert.equal((await gateway([]).request("/open")).status, 200));
  it("a quota that is used up: 429 Limit Exceeded [gateway response types, QUOTA_EXCEEDED]", async () => {
    const served = gateway([{ value: "k", quota: { limit: 1, period: "DAY" } }]);
    assert.equal((await served.request({ path: "/a", headers: { "x-api-key": "k" } })).status, 200);
    const seen = await served.request({ path: "/a", headers: { "x-api-key": "k" } });
    assert.equal(seen.status, 429);
    assert.equal(seen.text, '{"message":"Limit Exceeded"}');
    assert.equal(seen.headers["x-amzn-errortype"], "LimitExceededException");
  });
  it("a plan's throttle: 429 Too Many Requests [gateway response types, THROTTLED]", async () => {
    const served = gateway([{ value: "k", throttle: { rateLimit: 0.001, burstLimit: 1 } }]);
    await served.request({ path: "/a", headers: { "x-api-key": "k" } });
    const seen = await served.request({ path: "/a", headers: { "x-api-key": "k" } });
    assert.equal(seen.text, '{"message":"Too Many Requests"}');
    assert.equal(seen.headers["x-amzn-errortype"], "TooManyRequestsException");
  });
});
