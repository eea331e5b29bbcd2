import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { Quota, TokenBucket } from "../../../gateway/rest-api/token-bucket";
import { gatewayFor, lambdaProxy, mockOf, openapi, operation } from "./support";

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
    it(`${name}: ${status} [localstack test_api_key_required_for_methods (validated on AWS)]`, async () => {
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

describe("throttling", () => {
  it("a bucket holds the burst and fills at the rate [guide, token bucket]", () => {
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
  it("-1 is no limit", async () => {
    const served = gatewayFor({
      definition: openapi({ "/a": open() }),
      stageSettings: { methodSettings: { "*/*": { throttlingRateLimit: -1, throttlingBurstLimit: -1 } } },
    });
    for (let i = 0; i < 5; i += 1) assert.equal((await served.request("/a")).status, 200);
  });
});

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
  it(`a GET is answered from the cache [${GUIDE}]`, async () =>
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

describe("canary", () => {
  for (const [percentTraffic, wanted] of [
    [0, "default false"],
    [100, "canary true"],
  ] as const) {
    it(`${percentTraffic} % get its stage variables and $context.isCanaryRequest [localstack test_invoking_canary_deployment (recorded on AWS)]`, async () => {
      const gateway = gatewayFor({
        definition: openapi({ "/a": open('"$stageVariables.v $context.isCanaryRequest"') }),
        stageVariables: { v: "default" },
        stageSettings: { canarySettings: { percentTraffic, stageVariableOverrides: { v: "canary" } } },
      });
      assert.equal((await gateway.request("/a")).json, wanted);
    });
  }
  it("it may have a deployment of its own", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": open("1") }),
      stageSettings: { canarySettings: { percentTraffic: 100, definition: openapi({ "/a": open("2") }) } },
    });
    assert.equal((await gateway.request("/a")).text, "2");
  });
  it("without a canary there is no isCanaryRequest", async () => {
    assert.equal(
      (await gatewayFor({ definition: openapi({ "/a": open('"$context.isCanaryRequest"') }) }).request("/a"))
        .text,
      '""',
    );
  });
});

describe("web ACL", () => {
  const allow = { allow: {} } as const;
  const block = { block: {} } as const;
  const custom = {
    block: {
      customResponse: {
        responseCode: 403,
        body: { contentType: "APPLICATION_JSON", content: '{"message":"ask help@example.org"}' },
      },
    },
  } as const;
  const call = (webAcl: object, sourceIp: string) =>
    gatewayFor({
      definition: openapi(
        { "/a": open('"$context.wafResponseCode"') },
        { "x-amazon-apigateway-gateway-responses": { WAF_FILTERED: { statusCode: 418 } } },
      ),
      webAcl: { arn: "arn:acl", ...webAcl } as never,
    }).request({ path: "/a", sourceIp });
  const rule = (name: string, priority: number, action: object, statement: object) => ({
    name,
    priority,
    action,
    statement,
  });
  const WAF = "WAF developer guide, How web ACL rules are evaluated";
  for (const [sourceIp, status] of [
    ["192.0.2.77", 200],
    ["198.51.100.1", 403],
    ["2001:db8::1", 200],
    ["2001:db9::1", 403],
  ] as const) {
    it(`${sourceIp} against IP sets: ${status} [${WAF}]`, async () => {
      const seen = await call(
        {
          defaultAction: custom,
          rules: [rule("ips", 0, allow, { or: [{ ipSet: ["192.0.2.0/24"] }, { ipSet: ["2001:db8::/32"] }] })],
        },
        sourceIp,
      );
      assert.equal(seen.status, status);
      assert.equal(seen.text, status === 200 ? '"WAF_ALLOW"' : '{"message":"ask help@example.org"}');
    });
  }
  it("a block without a custom response is the gateway response WAF_FILTERED [gateway response types]", async () => {
    assert.equal((await call({ defaultAction: block, rules: [] }, "192.0.2.1")).status, 418);
  });
  it(`priority decides, not order; count goes on [${WAF}]`, async () => {
    const rules = [
      rule("late", 5, allow, { ipSet: ["0.0.0.0/0"] }),
      rule("count", 0, { count: {} }, { ipSet: ["0.0.0.0/0"] }),
      rule("early", 1, custom, { ipSet: ["192.0.2.0/24"] }),
    ];
    assert.equal((await call({ defaultAction: allow, rules }, "192.0.2.1")).status, 403);
    assert.equal((await call({ defaultAction: allow, rules }, "198.51.100.1")).status, 200);
  });
  it("a rate-based rule counts per address [WAF developer guide, Rate-based rule statement]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": open() }),
      webAcl: {
        arn: "a",
        defaultAction: allow,
        rules: [rule("rate", 0, block, { rateBased: { limit: 2 } })],
      } as never,
    });
    const statuses = [];
    for (const sourceIp of ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"])
      statuses.push((await gateway.request({ path: "/a", sourceIp })).status);
    assert.deepEqual(statuses, [200, 200, 403, 200]);
  });
  it("what cannot be evaluated is named at start", () => {
    const lines: string[] = [];
    gatewayFor({
      definition: openapi({ "/a": open() }),
      log: (line) => lines.push(line),
      webAcl: {
        arn: "a",
        defaultAction: allow,
        rules: [
          rule("managed", 0, block, { unsupported: "managed rule group AWSManagedRulesCommonRuleSet" }),
        ],
      } as never,
    });
    assert.deepEqual(lines, [
      "not evaluated locally: web ACL rule managed: managed rule group AWSManagedRulesCommonRuleSet",
    ]);
  });
});

describe("compression", () => {
  it("an answer of the minimum size is compressed when the client accepts it [guide, Payload compression]", async () => {
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

describe("resource policy", () => {
  const policy = (Effect: string, rest: object = {}) => ({
    "x-amazon-apigateway-policy": {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" },
        {
          Effect,
          Principal: "*",
          Action: "execute-api:Invoke",
          Resource: "execute-api:/test/GET/a",
          ...rest,
        },
      ],
    },
  });
  it("an explicit deny [guide, How API Gateway resource policies affect authorization workflow]", async () => {
    const seen = await gatewayFor({
      definition: openapi(
        { "/a": open() },
        policy("Deny", { Condition: { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } }),
      ),
      apiId: "abc",
    }).request({ path: "/a", sourceIp: "198.51.100.1" });
    assert.equal(seen.status, 403);
    assert.equal(
      seen.json.Message,
      "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:abc/test/GET/a with an explicit deny",
    );
  });
  it("its condition not met, the allow holds", async () => {
    assert.equal(
      (
        await gatewayFor({
          definition: openapi(
            { "/a": open() },
            policy("Deny", { Condition: { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } }),
          ),
        }).request({ path: "/a", sourceIp: "192.0.2.1" })
      ).status,
      200,
    );
  });
  it("a policy that allows nothing denies", async () => {
    const definition = openapi(
      { "/a": open() },
      {
        "x-amazon-apigateway-policy": {
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "execute-api:Invoke",
              Resource: "execute-api:/test/GET/other",
            },
          ],
        },
      },
    );
    assert.equal((await gatewayFor({ definition }).request("/a")).status, 403);
  });
});
