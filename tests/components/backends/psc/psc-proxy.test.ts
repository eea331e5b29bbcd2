import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { modelOf } from "../../../../offline/model";
import type { RecordedResource, Recording } from "../../../../offline/recording";
import { wiringFindings } from "../../../../offline/wiring";
import { policyFindings } from "../../../../policies/findings";
import { recordFixture, stackConfig } from "../../../support/fixtures";

type Settings = Record<string, unknown>;
const dev = stackConfig("dev");
const network = dev["gateway:network"] as { zones: { subnetId: string; address: string }[] };
const given = dev["gateway:services"] as Settings[];
const service = (name: string) => given.find((each) => each.name === name) ?? {};

const ingest = (psc: Settings = {}) => ({
  ...service("ingest-api"),
  name: "ingest-api",
  spec: "specs/ingest-api.yaml",
  port: 8443,
  backend: { psc: { host: "vm.psc.example.edu", port: 8443, addresses: ["192.0.2.0/25"], ...psc } },
});
const workspaces = (psc: Settings = {}) => ({
  name: "workspaces-api",
  spec: "specs/workspaces-api.yaml",
  port: 7777,
  backend: { psc: { host: "192.0.2.200", port: 5050, protocol: "http", ...psc } },
});
const stage = (services: Settings[], psc: Settings = {}) =>
  recordFixture("dev", { settingsOverride: { "gateway:services": services, "gateway:psc": psc } });

const ofType = ({ resources }: Recording, type: string) =>
  resources.filter((each) => each.type.startsWith(`aws:${type}:`));
const only = (recording: Recording, type: string): RecordedResource => {
  const found = ofType(recording, type);
  assert.equal(found.length, 1, `${found.length} of ${type}`);
  return found[0] as RecordedResource;
};
const component = ({ resources }: Recording, type: string) =>
  resources.find((each) => each.type === `gateway:index:${type}`)?.outputs ?? {};

describe("The stage's own PSC proxies", function () {
  this.timeout(60_000);
  let recording: Recording;
  before(async () => {
    recording = await stage([service("uuid-api"), ingest(), workspaces()], {
      natAddresses: ["198.51.100.9"],
    });
  });

  it("are an Auto Scaling group over the stage's zones that replaces an instance only by a healthy one", () => {
    const { inputs } = only(recording, "autoscaling/group");
    const zones = network.zones.map(({ subnetId }) => subnetId);
    assert.deepEqual(inputs.vpcZoneIdentifiers, zones);
    assert.deepEqual([inputs.minSize, inputs.maxSize, inputs.healthCheckType], [1, 2, "ELB"]);
    const healthy = { minHealthyPercentage: 100, maxHealthyPercentage: 200 };
    assert.deepEqual(inputs.instanceMaintenancePolicy, healthy);
    assert.deepEqual(inputs.instanceRefresh, {
      strategy: "Rolling",
      preferences: { ...healthy, skipMatching: true },
    });
    assert.match(String((inputs.launchTemplate as Settings).version), /^\d+$/);
  });

  it("have no public address, no key, no unencrypted disk and no metadata without a token", () => {
    const { inputs } = only(recording, "ec2/launchTemplate");
    assert.equal(inputs.keyName, undefined);
    assert.equal((inputs.networkInterfaces as Settings[])[0]?.associatePublicIpAddress, "false");
    const { httpTokens, httpPutResponseHopLimit } = inputs.metadataOptions as Settings;
    assert.deepEqual([httpTokens, httpPutResponseHopLimit], ["required", 1]);
    for (const { ebs } of inputs.blockDeviceMappings as { ebs: Settings }[]) {
      assert.deepEqual([ebs.volumeType, ebs.encrypted], ["gp3", "true"]);
    }
    assert.match(
      String(inputs.imageId),
      /^resolve:ssm:\/aws\/service\/ami-amazon-linux-latest\/al2023-.*-arm64$/,
    );
  });

  it("carry their configuration in their user data, under the id that the component tells", () => {
    const { userData } = only(recording, "ec2/launchTemplate").inputs;
    const script = gunzipSync(Buffer.from(String(userData), "base64")).toString();
    const { configurationId } = component(recording, "PscProxy");
    assert.match(script, new RegExp(`^id=${configurationId}$`, "m"));
    assert.match(script, /set \$partner vm\.psc\.example\.edu:8443;/);
    assert.match(script, /set \$partner 192\.0\.2\.200:5050;/);
  });

  it("are attached to the target groups of the PSC services and of no other", () => {
    const attached = ofType(recording, "autoscaling/attachment").map(({ inputs }) => inputs.lbTargetGroupArn);
    const groups = ofType(recording, "lb/targetGroup").filter(({ outputs }) =>
      attached.includes(outputs.arn),
    );
    assert.deepEqual(groups.map(({ inputs }) => inputs.port).sort(), [7777, 8443]);
    for (const { inputs } of groups) {
      const { protocol, port, path } = inputs.healthCheck as Settings;
      // On the port of the traffic, which is AWS's default.
      assert.deepEqual({ protocol, port, path }, { protocol: "TCP", port: undefined, path: undefined });
    }
    assert.equal(ofType(recording, "lb/targetGroupAttachment").length, 1);
  });

  it("admit the load balancer's addresses on the services' ports, and nobody else", () => {
    const groups = (
      only(recording, "ec2/launchTemplate").inputs.networkInterfaces as { securityGroups: string[] }[]
    )[0];
    const rules = ofType(recording, "vpc/securityGroupIngressRule").filter(({ inputs }) =>
      groups?.securityGroups.includes(String(inputs.securityGroupId)),
    );
    const loadBalancer = network.zones.map(({ address }) => `${address}/32`);
    assert.deepEqual([...new Set(rules.map(({ inputs }) => inputs.cidrIpv4))].sort(), loadBalancer.sort());
    assert.deepEqual([...new Set(rules.map(({ inputs }) => inputs.fromPort))].sort(), [2222, 7777, 8443]);
    assert.ok(rules.every(({ inputs }) => inputs.fromPort === inputs.toPort && inputs.ipProtocol === "tcp"));
  });

  it("may call the partners' addresses and ports and AWS by HTTPS, and nobody else", () => {
    const own = ofType(recording, "ec2/securityGroup").map(({ id }) => id);
    const proxies =
      (only(recording, "ec2/launchTemplate").inputs.networkInterfaces as { securityGroups: string[] }[])[0]
        ?.securityGroups ?? [];
    assert.ok(proxies.every((id) => own.includes(id)));
    const out = ofType(recording, "vpc/securityGroupEgressRule")
      .filter(({ inputs }) => proxies.includes(String(inputs.securityGroupId)))
      .map(({ inputs }) => `${inputs.cidrIpv4} ${inputs.fromPort}-${inputs.toPort}`);
    assert.deepEqual(out.sort(), ["0.0.0.0/0 443-443", "192.0.2.0/25 8443-8443", "192.0.2.200/32 5050-5050"]);
  });

  it("reach AWS only where the settings say, and tell where their addresses are if nobody gave them", async () => {
    const awsEndpoints = ["sg-0123456789abcdef0", "pl-63a5400a", "10.1.0.0/16"];
    const narrow = await stage([ingest()], { awsEndpoints });
    const out = ofType(narrow, "vpc/securityGroupEgressRule")
      .filter(({ inputs }) => inputs.fromPort === 443)
      .map(({ inputs }) => inputs.referencedSecurityGroupId ?? inputs.prefixListId ?? inputs.cidrIpv4);
    assert.deepEqual(out, awsEndpoints);
    const { psc } = narrow.outputs as { psc: { partnerAdmits: string } };
    assert.match(psc.partnerAdmits, /NAT gateways of the proxies' subnets .*gateway:psc\.natAddresses/);
  });

  it("may be reached by Session Manager and write their own log, and do nothing else in AWS", () => {
    const [policy] = ofType(recording, "iam/rolePolicy").filter(({ name }) => name.startsWith("dev-psc"));
    const { Statement } = JSON.parse(String(policy?.inputs.policy));
    const [logs] = ofType(recording, "cloudwatch/logGroup").filter(({ name }) => name.startsWith("dev-psc"));
    for (const { Action, Resource } of Statement) {
      const services = new Set(Action.map((action: string) => action.split(":")[0]));
      if (Resource === "*") assert.deepEqual(services, new Set(["ssmmessages"]));
      if (services.has("logs"))
        assert.ok(Resource.every((arn: string) => arn.startsWith(String(logs?.outputs.arn))));
      assert.doesNotMatch(Action.join(), /\*/);
    }
    assert.equal(logs?.inputs.retentionInDays, 90);
  });

  it("tell what the partner's firewall must admit", async () => {
    const { psc } = recording.outputs as { psc: { partnerAdmits: string } };
    assert.equal(
      psc.partnerAdmits,
      "The partner's firewall must admit 198.51.100.9 to TCP port 8443 of 192.0.2.0/25, TCP port 5050 of 192.0.2.200/32.",
    );
  });

  it("change nothing but their launch template when a service's limit changes", async () => {
    const changed = await stage([service("uuid-api"), ingest({ maxBodyMb: 100 }), workspaces()], {
      natAddresses: ["198.51.100.9"],
    });
    const inputs = ({ resources }: Recording) =>
      new Map(
        resources
          .filter(({ type }) => type.startsWith("aws:"))
          .map((each) => [each.urn, JSON.stringify(each.inputs)]),
      );
    const [before, after] = [inputs(recording), inputs(changed)];
    const different = [...after]
      .filter(([urn, text]) => before.get(urn) !== text)
      .map(([urn]) => urn.split("::").at(-1));
    assert.deepEqual(different, ["dev-psc-template"]);
    assert.deepEqual([...before.keys()], [...after.keys()]);
  });

  it("keep to the policies of every stack", () => {
    assert.deepEqual(policyFindings(recording.resources, { stage: "dev" }), []);
  });

  it("are wired so that requests get through", () => {
    assert.deepEqual(
      wiringFindings(modelOf(recording)).filter(({ level }) => level === "error"),
      [],
    );
  });
});

describe("Existing instances as PSC proxies", function () {
  this.timeout(60_000);
  const instances = ["i-0123456789abcdef1", "i-0123456789abcdef2"];
  let recording: Recording;
  before(async () => {
    recording = await stage([ingest({ proxy: instances }), workspaces({ proxy: instances })]);
  });

  it("get the configuration as a Systems Manager document, one instance after the other", () => {
    const document = only(recording, "ssm/document");
    const { mainSteps } = JSON.parse(String(document.inputs.content));
    const script = mainSteps[0].inputs.runCommand.join("\n");
    assert.match(script, new RegExp(`^id=${component(recording, "PscProxyInstance").configurationId}$`, "m"));
    const { inputs } = only(recording, "ssm/association");
    assert.equal(inputs.name, document.outputs.name);
    assert.deepEqual(inputs.targets, [{ key: "InstanceIds", values: instances }]);
    assert.deepEqual([inputs.maxConcurrency, inputs.maxErrors], ["1", "0"]);
  });

  it("are in both services' target groups and admit the load balancer", () => {
    const targets = ofType(recording, "lb/targetGroupAttachment").map(
      ({ inputs }) => `${inputs.targetId} ${inputs.port}`,
    );
    assert.deepEqual(targets.sort(), instances.flatMap((id) => [`${id} 7777`, `${id} 8443`]).sort());
    assert.deepEqual(
      wiringFindings(modelOf(recording)).filter(({ level }) => level === "error"),
      [],
    );
  });

  it("stay their owner's: no group, no template, no role", () => {
    for (const type of ["autoscaling/group", "ec2/launchTemplate", "iam/instanceProfile"]) {
      assert.deepEqual(ofType(recording, type), []);
    }
  });
});
