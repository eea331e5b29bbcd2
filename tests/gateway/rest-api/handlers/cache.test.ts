import assert from "node:assert/strict";
import { gatewayFor, lambdaProxy, openapi, operation } from "../support";

describe("caching", () => {
  function counting(settings: object, integration: object = {}, enabled = true) {
    let calls = 0;
    const gateway = gatewayFor({
      definition: openapi({
        "/a": {
          get: operation(lambdaProxy("f", integration as never), {
            parameters: [{ name: "type", in: "query" }],
          }),
          post: operation(lambdaProxy("f")),
        },
      }),
      functions: { f: async () => ({ statusCode: 200, body: String(++calls) }) },
      stageSettings: {
        cacheClusterEnabled: enabled,
        methodSettings: { "*/*": { cachingEnabled: true, ...settings } },
      },
    });
    return gateway;
  }
  const texts = async (
    gateway: ReturnType<typeof counting>,
    ...sent: Parameters<typeof gateway.request>[0][]
  ) => {
    const seen: string[] = [];
    for (const one of sent) seen.push((await gateway.request(one)).text);
    return seen;
  };
  const GUIDE = "developer guide, Cache settings for REST APIs";
  it(`a GET is served from the cache [${GUIDE}]`, async () =>
    assert.deepEqual(await texts(counting({}), "/a", "/a"), ["1", "1"]));
  it(`only GET is cached by default [${GUIDE}]`, async () =>
    assert.deepEqual(
      await texts(counting({}), { path: "/a", method: "POST" }, { path: "/a", method: "POST" }),
      ["1", "2"],
    ));
  it(`without cache keys the query does not count [${GUIDE}]`, async () =>
    assert.deepEqual(await texts(counting({}), "/a?type=x", "/a?type=y"), ["1", "1"]));
  it(`with a key it does [${GUIDE}, GET /users?type=…]`, async () =>
    assert.deepEqual(
      await texts(
        counting({}, { cacheKeyParameters: ["method.request.querystring.type"] }),
        "/a?type=x",
        "/a?type=y",
        "/a?type=x",
      ),
      ["1", "2", "1"],
    ));
  it("no cache cluster, no caching; a TTL of 0 neither", async () => {
    assert.deepEqual(await texts(counting({}, {}, false), "/a", "/a"), ["1", "2"]);
    assert.deepEqual(await texts(counting({ cacheTtlInSeconds: 0 }), "/a", "/a"), ["1", "2"]);
  });
  const invalidate = { path: "/a", headers: { "Cache-Control": "max-age=0" } };
  it(`max-age=0 invalidates where no authorization is asked for [${GUIDE}]`, async () =>
    assert.deepEqual(
      await texts(counting({ requireAuthorizationForCacheControl: false }), "/a", invalidate, "/a"),
      ["1", "2", "2"],
    ));
  it("else it is ignored, with a warning by default", async () => {
    const gateway = counting({});
    await gateway.request("/a");
    const seen = await gateway.request(invalidate);
    assert.equal(seen.text, "1");
    assert.match(seen.headers.warning ?? "", /^199 /);
  });
  it("or without one, or refused with 403", async () => {
    const silent = counting({ unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITHOUT_RESPONSE_HEADER" });
    assert.equal((await silent.request(invalidate)).headers.warning, undefined);
    assert.equal(
      (await counting({ unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" }).request(invalidate))
        .status,
      403,
    );
  });
});
