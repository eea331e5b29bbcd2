import assert from "node:assert/strict";
import { blockedBody, splitByFamily, WebAcl } from "../../../components/edge/web-acl";
import { asArray, asObject, at, prop } from "../../../lib/json";
import { type Declared, declare } from "../../support/declare";

const make = (addresses?: string[], tokenHeaders?: string[], rateLimit?: number): Promise<Declared> =>
  declare(
    () =>
      new WebAcl("dev", {
        allow: addresses && { contact: "help@example.org", addresses },
        tokenHeaders,
        rateLimit,
        logRetentionDays: 30,
      }),
  );
const aclOf = (declared: Declared) => declared.one("webAcl:WebAcl").inputs;
const rulesOf = (declared: Declared) => asArray(aclOf(declared).rules);
/** The JSON body that a `block` action sends, and its status. */
function responseOf(declared: Declared, block: unknown): [unknown, unknown] {
  const body = asArray(aclOf(declared).customResponseBodies).find(
    (candidate) => prop(candidate, "key") === at(block, ["block", "customResponse", "customResponseBodyKey"]),
  );
  assert.equal(prop(body, "contentType"), "APPLICATION_JSON");
  return [at(block, ["block", "customResponse", "responseCode"]), JSON.parse(String(prop(body, "content")))];
}

describe("WebAcl", () => {
  it("blocks with 403 and a body that names the contact", async () => {
    const declared = await make(["192.0.2.0/24"]);
    assert.deepEqual(responseOf(declared, aclOf(declared).defaultAction), [
      403,
      {
        message:
          "Sorry, your IP is blocked. Please Contact help@example.org to request developer access to the target resources.",
      },
    ]);
  });

  it("allows the two sets and nothing else", async () => {
    const declared = await make(["192.0.2.0/24", "2001:db8::/32"]);
    assert.deepEqual(
      rulesOf(declared)
        .slice(1)
        .map((rule) => [
          prop(rule, "priority"),
          prop(rule, "action"),
          at(rule, ["statement", "ipSetReferenceStatement", "arn"]),
        ]),
      [
        [1, { allow: {} }, declared.one("IpSet", "dev-ipv4").outputs.arn],
        [2, { allow: {} }, declared.one("IpSet", "dev-ipv6").outputs.arn],
      ],
    );
  });

  it("allows everybody without an allow list, and logs what it blocks", async () => {
    const declared = await make();
    assert.deepEqual(aclOf(declared).defaultAction, { allow: {} });
    assert.equal(declared.count("IpSet"), 0);
    assert.equal(rulesOf(declared).length, 1);
    assert.deepEqual(declared.one("WebAclLoggingConfiguration").inputs.loggingFilter, {
      defaultBehavior: "DROP",
      filters: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          conditions: [{ actionCondition: { action: "BLOCK" } }],
        },
      ],
    });
    const listed = await make(["192.0.2.0/24"]);
    assert.equal(listed.one("WebAclLoggingConfiguration").inputs.loggingFilter, undefined);
  });

  for (const addresses of [undefined, ["192.0.2.0/24"]]) {
    it(`blocks encoded dot segments with 400 before anything else, ${addresses ? "with" : "without"} an allow list`, async () => {
      const declared = await make(addresses);
      const [rule] = rulesOf(declared);
      assert.equal(prop(rule, "priority"), 0);
      assert.deepEqual(responseOf(declared, prop(rule, "action")), [
        400,
        { message: "The path must not contain encoded dot segments." },
      ]);
      const statement = asObject(at(rule, ["statement", "regexMatchStatement"]));
      assert.deepEqual(statement.fieldToMatch, { uriPath: {} });
      assert.deepEqual(statement.textTransformations, [{ priority: 0, type: "LOWERCASE" }]);
      assert.ok(String(statement.regexString).length <= 512, "RegexMatchStatement.RegexString");
    });
  }

  it("blocks an address above the rate limit with 429, before the allow rules, only when there is a limit", async () => {
    const declared = await make(["192.0.2.0/24"], undefined, 1000);
    const rules = rulesOf(declared);
    assert.deepEqual(
      rules.map((rule) => [prop(rule, "name"), prop(rule, "priority")]),
      [
        ["dot-segments", 0],
        ["rate-limit", 1],
        ["allowed-ipv4", 2],
        ["allowed-ipv6", 3],
      ],
    );
    assert.deepEqual(responseOf(declared, prop(rules[1], "action")), [
      429,
      { message: "Too many requests from this address." },
    ]);
    assert.deepEqual(at(rules[1], ["statement", "rateBasedStatement"]), {
      limit: 1000,
      aggregateKeyType: "IP",
    });
  });

  it("hides the token headers and the query in samples as well as in the log", async () => {
    const declared = await make(undefined, ["UWS-Authorization", "authorization"]);
    const headers = ["authorization", "cookie", "uws-authorization", "x-api-key"];
    assert.deepEqual(aclOf(declared).dataProtectionConfig, {
      dataProtections: [
        { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: headers } },
        { action: "SUBSTITUTION", field: { fieldType: "QUERY_STRING" } },
      ],
    });
    assert.deepEqual(declared.one("WebAclLoggingConfiguration").inputs.redactedFields, [
      ...headers.map((name) => ({ singleHeader: { name } })),
      { queryString: {} },
    ]);
  });

  it("keeps both sets, one family each, also when one is empty", async () => {
    const declared = await make(["192.0.2.0/24"]);
    assert.deepEqual(declared.one("IpSet", "dev-ipv4").inputs.addresses, ["192.0.2.0/24"]);
    assert.deepEqual(declared.one("IpSet", "dev-ipv6").inputs.addresses, []);
    assert.equal(declared.one("IpSet", "dev-ipv6").inputs.ipAddressVersion, "IPV6");
  });

  it("leaves its sets to be named automatically, so that one can be replaced", async () => {
    const names = (await make([])).all("IpSet").map(({ inputs }) => inputs.name);
    assert.deepEqual(names, [undefined, undefined]);
  });

  it("logs to a group that WAF accepts", async () => {
    assert.match(String((await make([])).one("LogGroup").inputs.name), /^aws-waf-logs-/);
  });

  it("stays valid JSON whatever the contact holds", () => {
    assert.match(JSON.parse(blockedBody('"the desk"\n')).message, /Contact "the desk"\n to request/);
  });

  it("splits ranges by family", () => {
    assert.deepEqual(splitByFamily(["::1/128", "10.0.0.0/8"]), { ipv4: ["10.0.0.0/8"], ipv6: ["::1/128"] });
  });
});
