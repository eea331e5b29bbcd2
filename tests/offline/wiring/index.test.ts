import assert from "node:assert/strict";
import { modelOf } from "../../../offline/model";
import type { Recording } from "../../../offline/recording";
import { readStack } from "../../../offline/recording/stack-file";
import { wiringFindings } from "../../../offline/wiring";
import { RULES } from "../../../offline/wiring/rules";
import { fixtures, recorded, recordFixture } from "../../support/fixtures";
import { type Mistake, make, remove, set } from "../wires";
import { backends } from "./mistakes/backends";
import { domains } from "./mistakes/domains";
import { functions } from "./mistakes/functions";
import { mappings } from "./mistakes/mappings";
import { webAcl } from "./mistakes/web-acl";

const mistakes = [...backends, ...domains, ...functions, ...mappings, ...webAcl];

describe("The wiring", () => {
  let dev: Recording;

  before(async function () {
    this.timeout(60_000);
    dev = await recorded("dev");
  });

  function findingsAfter(mistake: Mistake) {
    const recording = structuredClone(dev);
    make(mistake, recording);
    return wiringFindings(modelOf(recording));
  }

  it("of the dev stack is complete", () => {
    assert.deepEqual(wiringFindings(modelOf(dev)), []);
  });

  it("has a planted mistake for each of its rules", () => {
    const planted = new Set<string>([...mistakes.map(({ rule }) => rule), "health-check-refused"]);
    assert.deepEqual([...planted].sort(), Object.keys(RULES).sort());
  });

  for (const { what, rule, where, mistake } of mistakes) {
    it(`shows ${what}`, () => {
      const findings = findingsAfter(mistake);
      const found = findings.find((finding) => finding.rule === rule && where.test(finding.where));
      assert.ok(found, `expected ${rule} at ${where}, found ${JSON.stringify(findings)}`);
      assert.equal(found.level, "error");
      assert.ok(found.message.length > 30, found.message);
    });
  }

  it("names the operation of a route that cannot call its function", () => {
    const [unauthorized] = functions.filter(({ rule }) => rule === "function-without-permission");
    assert.ok(unauthorized);
    const operations = findingsAfter(unauthorized.mistake).map(({ operation }) => operation);
    assert.ok(operations.includes("ANY /{uuid}"), operations.join());
  });

  it("shows a health check on a port that no rule allows", () => {
    const findings = findingsAfter((find) =>
      set(find("TargetGroup", "uuid-api"), { healthCheck: { port: "8079" } }),
    );
    assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ["health-check-refused"]);
    assert.match(
      findings[0]?.message ?? "",
      /health check fails: no security group of i-\w+ allows .* on port 8079/,
    );
  });

  it("shows one mistake as one finding where it has one consequence", () => {
    const rules = findingsAfter((find, recording) => remove(recording, find("Listener", "entity-api"))).map(
      ({ rule }) => rule,
    );
    assert.deepEqual(rules, ["no-listener"]);
  });

  it("of a stage that creates its network is complete, with the addresses that AWS chose", async () => {
    const network = { create: { cidr: "10.1.0.0/16", zones: 3 } };
    const recording = await recordFixture("dev", { settingsOverride: { "gateway:network": network } });
    assert.deepEqual(wiringFindings(modelOf(recording)), []);
  });

  it("of a stage with its own proxies includes their Auto Scaling group", async () => {
    const { config } = readStack(fixtures, "dev");
    const services: { backend: { psc?: { host: string; port: number } } }[] = JSON.parse(
      config["gateway:services"] ?? "",
    );
    for (const { backend } of services) {
      const { host, port } = backend.psc ?? { host: "", port: 0 };
      if (backend.psc) backend.psc = { host, port, addresses: ["192.0.2.0/24"] } as typeof backend.psc;
    }
    const recording = await recordFixture("dev", { settingsOverride: { "gateway:services": services } });
    assert.deepEqual(wiringFindings(modelOf(recording)), []);
    make((find) => {
      const [card] = find("LaunchTemplate").inputs.networkInterfaces as { securityGroups: string[] }[];
      assert.ok(card);
      card.securityGroups = [];
    }, recording);
    const rules = wiringFindings(modelOf(recording)).map(({ rule }) => rule);
    assert.deepEqual([...new Set(rules)].sort(), ["load-balancer-egress-denied", "security-group-refuses"]);
  });

  it("leaves it to the policies which stages need a web ACL", () => {
    assert.deepEqual(
      findingsAfter((find, recording) => remove(recording, find("WebAclAssociation", "uuid-api"))),
      [],
    );
  });

  it("accepts a permission for all methods, and one from the load balancer's security group", () => {
    const findings = findingsAfter((find, recording) => {
      const [one, ...others] = recording.resources.filter(
        ({ type, inputs }) => type.endsWith(":SecurityGroupIngressRule") && inputs.fromPort === 2222,
      );
      assert.ok(one);
      remove(recording, ...others);
      set(one, { cidrIpv4: undefined, referencedSecurityGroupId: find("SecurityGroup", "dev-nlb").id });
    });
    assert.deepEqual(findings, []);
  });
});
