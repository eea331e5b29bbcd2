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

  describe("text statements [WAF developer guide, Text transformations; Regex match rule statement]", () => {
    const DOTS = "(^|/|\\\\|%2f|%5c)(\\.|%2e){1,2}(/|\\\\|%2f|%5c|$)";
    const status = async (statement: object, path: string, headers: Record<string, string> = {}) =>
      (
        await gatewayFor({
          definition: openapi({ "/{proxy+}": { get: operation(mockOf('"ok"')) } }),
          webAcl: {
            arn: "arn:acl",
            defaultAction: allow,
            rules: [rule("text", 0, block, statement)],
          } as never,
        }).request({ path, headers, domainName: "api.example.org" })
      ).status;
    const path = { field: "uriPath" };

    for (const [sent, wanted] of [
      ["/entities/..%2Fdatasets%2Funpublished", 403],
      ["/entities/..%2fdatasets", 403],
      ["/entities/%2E%2E%2Fdatasets", 403],
      ["/entities/.%2e%5Cdatasets", 403],
      ["/entities/%252e%252e%252fdatasets", 403],
      ["/entities/%2e/x", 403],
      ["/entities/..", 403],
      ["/entities/10.1234%2FHBM764.PLSD.325", 200],
      ["/entities/a..b", 200],
      ["/.well-known/x", 200],
      ["/entities/...", 200],
    ] as const)
      it(`encoded dot segments: ${sent} is ${wanted}`, async () => {
        const transformations = ["URL_DECODE", "URL_DECODE", "LOWERCASE"];
        assert.equal(
          await status({ regexMatch: { ...path, transformations, patterns: ["never", DOTS] } }, sent),
          wanted,
        );
      });
    it("without URL_DECODE the path is matched as sent", async () => {
      const statement = { regexMatch: { ...path, patterns: ["/\\.\\./"] } };
      assert.equal(await status(statement, "/a/..%2Fb"), 200);
      assert.equal(await status(statement, "/a/../b"), 403);
    });
    for (const [transformations, sent, search, wanted] of [
      [["LOWERCASE"], "/ADMIN", "/admin", 403],
      [["NONE"], "/ADMIN", "/admin", 200],
      [["URL_DECODE", "LOWERCASE"], "/%41dmin", "/admin", 403],
      [["LOWERCASE", "URL_DECODE"], "/%41dmin", "/admin", 200],
      [["NORMALIZE_PATH"], "//x/./../admin", "/admin", 403],
      [["URL_DECODE", "COMPRESS_WHITE_SPACE"], "/a%20%09b", "/a b", 403],
    ] as const)
      it(`${transformations.join(", then ")}: ${sent} is ${wanted}`, async () => {
        const statement = { byteMatch: { ...path, transformations, search, position: "EXACTLY" } };
        assert.equal(await status(statement, sent), wanted);
      });
    it("the method, the query and a header can be inspected", async () => {
      const match = (field: unknown, search: string) => ({
        byteMatch: { field, search, position: "CONTAINS" },
      });
      assert.equal(await status(match("method", "GET"), "/x"), 403);
      assert.equal(await status(match("queryString", "a=%2F"), "/x?a=%2F"), 403);
      assert.equal(
        await status(match({ header: "User-Agent" }, "bot"), "/x", { "user-agent": "a bot" }),
        403,
      );
      assert.equal(await status(match({ header: "user-agent" }, "bot"), "/x"), 200);
    });
    it("a pattern that cannot be evaluated never matches and is named at start", async () => {
      const notes: string[] = [];
      const gateway = gatewayFor({
        definition: openapi({ "/a": open() }),
        webAcl: {
          arn: "arn:acl",
          defaultAction: allow,
          rules: [rule("pcre", 0, block, { regexMatch: { ...path, patterns: ["(?<!a"] } })],
        } as never,
        log: (line) => notes.push(line),
      });
      assert.equal((await gateway.request("/a")).status, 200);
      assert.deepEqual(notes, ["not evaluated locally: web ACL rule pcre: the pattern (?<!a"]);
    });
  });
});
