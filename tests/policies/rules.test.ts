import assert from "node:assert/strict";
import { policyFindings } from "../../policies/findings";
import { rules } from "../../policies/rules";
import { type Case, cases } from "./cases";

const findingsOf = (name: string, { stage = "dev", resources }: Case) =>
  policyFindings(
    resources.map((given, index) => ({ urn: `urn:${index}`, name: `resource-${index}`, ...given })),
    { stage },
    rules.filter((rule) => rule.name === name),
  );

describe("The policies", () => {
  it("each have a stack that keeps the rule and one that breaks it", () => {
    assert.deepEqual(Object.keys(cases).sort(), rules.map(({ name }) => name).sort());
    for (const { keeps, breaks } of Object.values(cases)) assert.ok(keeps.length > 0 && breaks.length > 0);
  });

  for (const [name, { keeps, breaks }] of Object.entries(cases)) {
    describe(name, () => {
      keeps.forEach((given, index) => {
        it(`accepts stack ${index + 1} of those that keep it`, () => {
          assert.deepEqual(findingsOf(name, given), []);
        });
      });
      breaks.forEach((given, index) => {
        it(`reports stack ${index + 1} of those that break it, and nothing else in it`, () => {
          const findings = findingsOf(name, given);
          assert.equal(findings.length, 1, JSON.stringify(findings));
          assert.equal(findings[0]?.rule, `policy-${name}`);
          const rule = rules.find((one) => one.name === name);
          assert.equal(findings[0]?.level, rule?.advisory ? "warning" : "error");
        });
      });
    });
  }

  it("never repeat a secret in a message", () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const [finding] = findingsOf("no-plaintext-secret", {
      resources: [
        { type: "aws:lambda/function:Function", inputs: { environment: { variables: { KEY: secret } } } },
      ],
    });
    assert.match(finding?.message ?? "", /environment variable KEY contains an AWS access key id/);
    assert.ok(!JSON.stringify(finding).includes(secret));
  });

  it("name the resource by type and name", () => {
    const [finding] = findingsOf("log-retention", {
      resources: [{ type: "aws:cloudwatch/logGroup:LogGroup", inputs: {}, name: "dev-access" }],
    });
    assert.equal(finding?.where, "aws:cloudwatch/logGroup:LogGroup dev-access");
  });

  it("ignore components, providers and unknown types", () => {
    const others = [
      "gateway:index:Stage",
      "pulumi:providers:aws",
      "pulumi:pulumi:Stack",
      "aws:sns/topic:Topic",
    ];
    const resources = others.map((type) => ({ urn: type, type, name: type, inputs: {} }));
    assert.deepEqual(policyFindings(resources, { stage: "prod" }), []);
  });
});
