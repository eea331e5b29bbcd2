import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

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
  it(`priority decides, not order; evaluation continues after count [${WAF}]`, async () => {
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
