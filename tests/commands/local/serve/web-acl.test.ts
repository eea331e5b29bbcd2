import assert from "node:assert/strict";
import { allowedAddress, gatewayWebAcl } from "../../../../commands/local/serve/web-acl";
import { modelOf } from "../../../../offline/model";
import { recorded } from "../../../support/fixtures";

describe("A recorded web ACL", () => {
  async function devAcl(change: (inputs: Record<string, unknown>) => void = () => {}) {
    const recording = await recorded("dev");
    const { resources } = modelOf(recording);
    const [acl] = resources.ofType("aws:wafv2/webAcl:WebAcl");
    assert.ok(acl);
    change(acl.inputs as unknown as Record<string, unknown>);
    return gatewayWebAcl(acl, resources);
  }

  it("of the dev stack blocks with the body it declares and allows its IP sets", async () => {
    const { defaultAction, rules } = await devAcl();
    assert.ok("block" in defaultAction);
    assert.equal(defaultAction.block.customResponse?.responseCode, 403);
    assert.equal(defaultAction.block.customResponse?.body?.contentType, "APPLICATION_JSON");
    assert.match(defaultAction.block.customResponse?.body?.content ?? "", /your IP is blocked/);
    assert.deepEqual(
      rules.map(({ action }) => Object.keys(action)),
      [["block"], ["allow"], ["allow"]],
    );
    assert.ok(
      rules.some(({ statement }) => "ipSet" in statement && statement.ipSet.includes("2001:db8::/32")),
    );
  });

  it("with an undeclared body key blocks without a body", async () => {
    const { defaultAction } = await devAcl((inputs) => {
      inputs.customResponseBodies = [];
    });
    assert.ok("block" in defaultAction);
    assert.equal(defaultAction.block.customResponse?.body, undefined);
  });

  it("names a statement that cannot be evaluated instead of ignoring it", async () => {
    const { rules } = await devAcl((inputs) => {
      inputs.rules = [
        {
          name: "managed",
          priority: 0,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { name: "x" } },
        },
      ];
    });
    assert.deepEqual(rules[0]?.statement, { unsupported: "managedRuleGroupStatement" });
  });

  it("inspects the path by a regular expression, or by a pattern set that the stack declares", async () => {
    const recording = await recorded("dev");
    const { resources } = modelOf(recording);
    const [acl] = resources.ofType("aws:wafv2/webAcl:WebAcl");
    assert.ok(acl);
    const inspected = {
      fieldToMatch: { uriPath: {} },
      textTransformations: [
        { priority: 1, type: "LOWERCASE" },
        { priority: 0, type: "URL_DECODE" },
      ],
    };
    const rule = (statement: object) => ({ name: "path", priority: 0, action: { block: {} }, statement });
    const statementOf = (statement: object) =>
      gatewayWebAcl({ ...acl, inputs: { ...acl.inputs, rules: [rule(statement)] } } as never, resources)
        .rules[0]?.statement;
    assert.deepEqual(statementOf({ regexMatchStatement: { ...inspected, regexString: "/\\.\\./" } }), {
      regexMatch: { field: "uriPath", transformations: ["URL_DECODE", "LOWERCASE"], patterns: ["/\\.\\./"] },
    });
    assert.deepEqual(
      statementOf({
        byteMatchStatement: { ...inspected, searchString: "/../", positionalConstraint: "CONTAINS" },
      }),
      {
        byteMatch: {
          field: "uriPath",
          transformations: ["URL_DECODE", "LOWERCASE"],
          search: "/../",
          position: "CONTAINS",
        },
      },
    );
    const declared = {
      where: () => [{ inputs: { regularExpressions: [{ regexString: "a" }, { regexString: "b" }] } }],
    } as never;
    const [bySet] = gatewayWebAcl(
      {
        ...acl,
        inputs: {
          ...acl.inputs,
          rules: [rule({ regexPatternSetReferenceStatement: { ...inspected, arn: "arn" } })],
        },
      } as never,
      declared,
    ).rules;
    assert.deepEqual(bySet?.statement, {
      regexMatch: { field: "uriPath", transformations: ["URL_DECODE", "LOWERCASE"], patterns: ["a", "b"] },
    });
    const strange = { ...inspected, textTransformations: [{ priority: 0, type: "MD5" }] };
    assert.deepEqual(statementOf({ regexMatchStatement: { ...strange, regexString: "a" } }), {
      unsupported: "regexMatchStatement of MD5",
    });
  });

  it("has an allowed address for callers on this machine, or none", async () => {
    const acl = (...ipSet: string[]) => ({
      arn: "a",
      defaultAction: { block: {} },
      rules: [{ name: "r", priority: 0, action: { allow: {} }, statement: { ipSet } }],
    });
    assert.equal(allowedAddress(acl("2001:db8::/32", "192.0.2.0/24")), "192.0.2.1");
    assert.equal(allowedAddress(acl("198.51.100.8/32")), "198.51.100.8");
    assert.equal(allowedAddress(acl("2001:db8::/32")), "2001:db8::1");
    assert.equal(allowedAddress({ ...acl(), rules: [] }), undefined);
  });
});
