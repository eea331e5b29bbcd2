import assert from "node:assert/strict";
import { blockedBody, splitByFamily, WebAcl } from "../../../components/edge/web-acl";
import { type Declared, declare } from "../../support/declare";

const make = (addresses: string[]): Promise<Declared> =>
  declare(
    () => new WebAcl("dev", { allow: { contact: "help@example.org", addresses }, logRetentionDays: 30 }),
  );

interface Acl {
  defaultAction: { block: { customResponse: { responseCode: number; customResponseBodyKey: string } } };
  customResponseBodies: { key: string; content: string; contentType: string }[];
  rules: { priority: number; action: unknown; statement: { ipSetReferenceStatement: { arn: string } } }[];
}

describe("WebAcl", () => {
  it("answers 403 with a body declared under the key that the default action names", async () => {
    const acl = (await make(["192.0.2.0/24"])).one("webAcl:WebAcl").inputs as unknown as Acl;
    const { responseCode, customResponseBodyKey } = acl.defaultAction.block.customResponse;
    assert.equal(responseCode, 403);
    const [body, ...more] = acl.customResponseBodies;
    assert.equal(more.length, 0);
    assert.equal(body?.key, customResponseBodyKey);
    assert.equal(body?.contentType, "APPLICATION_JSON");
    assert.deepEqual(JSON.parse(body?.content ?? ""), {
      message:
        "Sorry, your IP is blocked. Please Contact help@example.org to request developer access to the target resources.",
    });
  });

  it("admits the two sets and nothing else", async () => {
    const declared = await make(["192.0.2.0/24", "2001:db8::/32"]);
    const acl = declared.one("webAcl:WebAcl").inputs as unknown as Acl;
    assert.deepEqual(
      acl.rules.map(({ action, statement }) => [action, statement.ipSetReferenceStatement.arn]),
      [
        [{ allow: {} }, declared.one("IpSet", "dev-ipv4").outputs.arn],
        [{ allow: {} }, declared.one("IpSet", "dev-ipv6").outputs.arn],
      ],
    );
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

  it("logs to a group that WAF accepts, without the caller's token", async () => {
    const declared = await make([]);
    assert.match(String(declared.one("LogGroup").inputs.name), /^aws-waf-logs-/);
    assert.deepEqual(declared.one("WebAclLoggingConfiguration").inputs.redactedFields, [
      { singleHeader: { name: "authorization" } },
    ]);
  });

  it("stays valid JSON whatever the contact holds", () => {
    assert.match(JSON.parse(blockedBody('"the desk"\n')).message, /Contact "the desk"\n to request/);
  });

  it("splits ranges by family", () => {
    assert.deepEqual(splitByFamily(["::1/128", "10.0.0.0/8"]), { ipv4: ["10.0.0.0/8"], ipv6: ["::1/128"] });
  });
});
