import assert from "node:assert/strict";
import { raisable } from "../../../lib/quotas";
import { planOfRecording } from "../../../offline/plan";
import { type Limits, limitsOf } from "../../../offline/plan/quotas";
import { recorded } from "../../support/fixtures";
import { type Mistake, make, set } from "../wires";

/** Rule and location of each error in the dev stack's plan after a change. */
async function errors(mistake: Mistake, raised: Limits = {}): Promise<string[]> {
  const recording = await recorded("dev");
  make(mistake, recording);
  return planOfRecording(recording, [], raised)
    .findings.filter(({ level }) => level === "error")
    .map(({ rule, where }) => `${rule}: ${where}`);
}

describe("The policies of the role that invokes the functions", function () {
  this.timeout(60_000);

  /** Each function that API Gateway invokes has one. */
  const functions =
    (count: number): Mistake =>
    (find, recording) => {
      const policy = find("RolePolicy", "dev-invoke");
      const more = Array.from({ length: count }, (_, index) => ({
        ...policy,
        urn: `${policy.urn}${index}`,
        id: `${policy.id}${index}`,
      }));
      recording.resources.push(...more);
    };

  it("have room for 30 more functions", async () => {
    assert.deepEqual(await errors(functions(30)), []);
  });

  it("are refused by the plan before AWS refuses them, when they have more than 10,240 characters", async () => {
    assert.deepEqual(await errors(functions(60)), [
      "quota-exceeded: inline policies of dev-invoke-role, characters",
    ]);
  });
});

describe("A quota line of the plan", function () {
  this.timeout(60_000);

  /** Copies of a resource, each with another URN and id. */
  const copies =
    (count: number, type: string, owner?: string): Mistake =>
    (find, recording) => {
      const one = find(type, owner);
      for (let index = 0; index < count; index++)
        recording.resources.push({ ...one, urn: `${one.urn}${index}`, id: `${one.id}${index}` });
    };
  const variables = (count: number, name: string): Mistake => {
    const values = Array.from({ length: count }, (_, index) => [`${name}${index}`, "x"]);
    return (find) => {
      const stage = find("Stage", "uuid-api", ({ restApi }) => restApi !== undefined);
      set(stage, {
        variables: { ...(stage.outputs.variables as object), ...Object.fromEntries(values) },
      });
    };
  };

  const exceeded: [name: string, mistake: Mistake][] = [
    ["longest stage variable name of uuid-api, characters", variables(1, "N".repeat(64))],
    ["most stage variables of a stage of uuid-api", variables(100, "N")],
    [
      "resource policy of uuid-api, characters",
      (find) => {
        const api = find("RestApi", "uuid-api");
        const document = JSON.parse(String(api.inputs.body));
        document["x-amazon-apigateway-policy"] = { Statement: ["x".repeat(8192)] };
        set(api, { body: JSON.stringify(document) });
      },
    ],
    ["custom domain names", copies(120, "DomainName")],
    [
      "security groups of dev-psc-template",
      (find) => {
        const template = find("LaunchTemplate");
        const [card] = template.inputs.networkInterfaces as { securityGroups: string[] }[];
        const securityGroups = Array.from(
          { length: 6 },
          (_, index) => card?.securityGroups[index] ?? `sg-${index}`,
        );
        set(template, { networkInterfaces: [{ ...card, securityGroups }] });
      },
    ],
    [
      "security groups of i-010000000000000c1",
      copies(5, "NetworkInterfaceSecurityGroupAttachment", "dev-backend"),
    ],
  ];
  for (const [name, mistake] of exceeded) {
    it(`is an error when the stack exceeds it: ${name}`, async () => {
      const found = await errors(mistake);
      assert.ok(found.includes(`quota-exceeded: ${name}`), found.join("\n"));
    });
  }

  it("has the limit that the settings say AWS raised it to", async () => {
    const sixGroups = exceeded.find(([name]) => name.includes("psc-template"))?.[1];
    assert.ok(sixGroups);
    assert.deepEqual(await errors(sixGroups, { securityGroupsPerInterface: 16 }), []);
    assert.equal((await errors(sixGroups, { vpcLinks: 40 })).length, 1);
  });

  it("reads the raised limits of an account and of an API from the configuration", () => {
    const services = [{ name: "uuid-api", quotas: { resources: 500 } }, { name: "entity-api" }];
    const config = {
      "gateway:quotas": JSON.stringify({ domainNames: 300 }),
      "gateway:services": JSON.stringify(services),
    };
    assert.deepEqual(limitsOf(config), { domainNames: 300, resources: { "uuid-api": 500 } });
    assert.deepEqual(limitsOf({}), { resources: {} });
    assert.ok(Object.keys(raisable).includes("domainNames"));
  });
});
