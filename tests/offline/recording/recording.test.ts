import assert from "node:assert/strict";
import { type Recording, RecordingError, record } from "../../../offline/recording";
import { recorded, recordFixture } from "../../support/fixtures";
import { temporaryProgram } from "../../support/temporary-program";

const imports =
  'import * as aws from "@pulumi/aws"; import * as awsx from "@pulumi/awsx"; import * as pulumi from "@pulumi/pulumi";\n';

async function recordProgram(
  program: string,
  files: Record<string, string> = {},
  options: Parameters<typeof record>[1] = {},
): Promise<Recording> {
  const { root, remove } = temporaryProgram({ "index.ts": imports + program, ...files });
  try {
    return await record("dev", { root, ...options });
  } finally {
    remove();
  }
}

const component = `
  class Part extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
      super("gateway:index:Part", name, {}, opts);
      new aws.cloudwatch.LogGroup(\`\${name}-log\`, {}, { parent: this });
      this.registerOutputs({ made: name });
    }
  }`;

describe("A recording", () => {
  it("keeps parents, and builds URNs with the parent's whole type chain as the engine does", async () => {
    const { resources } = await recordProgram(`${component}\nnew Part("one");`);
    const log = resources.find(({ name }) => name === "one-log");
    const part = resources.find(({ name }) => name === "one");
    assert.equal(log?.parent, "urn:pulumi:dev::gateway::gateway:index:Part::one");
    assert.equal(
      log?.urn,
      "urn:pulumi:dev::gateway::gateway:index:Part$aws:cloudwatch/logGroup:LogGroup::one-log",
    );
    assert.deepEqual(part?.outputs, { made: "one" });
    assert.ok(resources.indexOf(part) < resources.indexOf(log));
  });

  it("gives resources ids and ARNs that reach dependent resources and the stack's outputs", async () => {
    const { outputs } = await recordProgram(`
      const nlb = new aws.lb.LoadBalancer("dev-nlb", { loadBalancerType: "network", internal: true });
      const link = new aws.apigateway.VpcLink("dev-link", { targetArn: nlb.arn });
      export const dns = pulumi.interpolate\`\${nlb.dnsName}:2222\`;
      export const arns = link.targetArn;`);
    assert.match(
      String(outputs.dns),
      /^dev-nlb-[0-9a-f]{7}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com:2222$/,
    );
    assert.match(
      String(outputs.arns),
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/net\/dev-nlb-[0-9a-f]{7}\/[0-9a-f]{16}$/,
    );
  });

  it("is the same each time", async () => {
    const program = `${component}\nnew Part("one"); new aws.apigateway.RestApi("uuid-api", { body: "{}" });`;
    const [first, second] = await Promise.all([recordProgram(program), recordProgram(program)]);
    assert.deepEqual(first, second);
  });

  it("waits for resources that are registered late", async () => {
    const { resources } = await recordProgram(`
      const log = new aws.cloudwatch.LogGroup("early", {});
      pulumi.output(new Promise((done) => setTimeout(done, 50))).apply(() => 0);
      new aws.cloudwatch.LogGroup("late", { name: pulumi.output(new Promise<string>((done) => setTimeout(() => done("x"), 50))) });`);
    assert.ok(resources.some(({ name }) => name === "late"));
  });

  it("gives the program its config, objects and project-level defaults included", async () => {
    const { outputs } = await recordProgram(
      `const config = new pulumi.Config("gateway");
       export const services = config.requireObject("services"); export const kept = config.get("kept");`,
      {
        "Pulumi.yaml":
          "name: gateway\nruntime: nodejs\nconfig:\n  gateway:kept: { type: string, default: yes-kept }\n",
        "Pulumi.dev.yaml": "config:\n  gateway:services: [{ name: uuid-api, port: 2222 }]\n",
      },
    );
    assert.deepEqual(outputs, { services: [{ name: "uuid-api", port: 2222 }], kept: "yes-kept" });
  });

  it("applies overriding settings on top of the stack's", async () => {
    const { outputs } = await recordProgram(
      'export const domain = new pulumi.Config("gateway").require("domain");',
      { "Pulumi.dev.yaml": "config:\n  gateway:domain: example.org\n" },
      { settingsOverride: { "gateway:domain": "example.net" } },
    );
    assert.equal(outputs.domain, "example.net");
  });

  it("replaces an encrypted value with a placeholder that stays secret", async () => {
    const { resources } = await recordProgram(
      'new aws.ssm.Parameter("p", { type: "SecureString", value: new pulumi.Config("gateway").requireSecret("key") });',
      { "Pulumi.dev.yaml": "config:\n  gateway:key: { secure: AAABADQ= }\n" },
    );
    const parameter = resources.find(({ name }) => name === "p");
    assert.deepEqual([parameter?.secrets, parameter?.inputs.value], [["value"], "secret-of-the-stack"]);
  });

  it("marks inputs that contain a secret", async () => {
    const { resources } = await recordProgram(
      'new aws.ssm.Parameter("p", { type: "SecureString", value: pulumi.secret("x") });',
    );
    const parameter = resources.find(({ name }) => name === "p");
    assert.deepEqual([parameter?.secrets, parameter?.inputs.value], [["value"], "x"]);
  });

  it("records archives by their path, and the options that affect replacement", async () => {
    const { resources } = await recordProgram(`
      const layer = new aws.lambda.LayerVersion("layer", { layerName: "shared", code: new pulumi.asset.FileArchive("./layer.zip") }, { retainOnDelete: true, deleteBeforeReplace: false });
      new aws.cloudwatch.LogGroup("log", {}, { dependsOn: [layer], protect: true });`);
    const [, layer, log] = resources;
    assert.deepEqual(layer?.inputs.code, { path: "./layer.zip" });
    assert.deepEqual(layer?.options, { dependsOn: [], retainOnDelete: true, deleteBeforeReplace: false });
    assert.deepEqual(log?.options, { dependsOn: [layer?.urn], protect: true });
  });

  it("knows the outputs of the remote component awsx.ec2.Vpc", async () => {
    const { outputs } = await recordProgram(`
      const vpc = new awsx.ec2.Vpc("dev-vpc", { numberOfAvailabilityZones: 2 });
      export const vpcId = vpc.vpcId; export const subnets = vpc.privateSubnetIds;`);
    assert.match(String(outputs.vpcId), /^vpc-[0-9a-f]{17}$/);
    assert.equal((outputs.subnets as string[]).length, 2);
  });

  it("leaves ids unknown and runs no apply on them in a preview", async () => {
    const { resources, outputs } = await recordProgram(
      `const nlb = new aws.lb.LoadBalancer("dev-nlb", {});
       nlb.arn.apply(() => { throw new Error("apply ran on an unknown"); });
       new aws.apigateway.VpcLink("dev-link", { targetArn: nlb.arn });
       export const arn = nlb.arn;`,
      {},
      { preview: true },
    );
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["gateway-dev", "dev-nlb", "dev-link"],
    );
    assert.notEqual(typeof outputs.arn === "string" && outputs.arn.startsWith("arn:"), true);
  });

  it("of the program declares the same resources in a preview, where ids are unknown", async () => {
    const urns = ({ resources }: Recording) => resources.map(({ urn }) => urn).sort();
    assert.deepEqual(urns(await recordFixture("dev", { preview: true })), urns(await recorded("dev")));
  });

  const refusals: [string, string, RegExp][] = [
    [
      "a second resource of the same URN",
      'new aws.cloudwatch.LogGroup("log", {}); new aws.cloudwatch.LogGroup("log", {});',
      /^Two resources have the URN urn:pulumi:dev::gateway::aws:cloudwatch\/logGroup:LogGroup::log/,
    ],
    [
      "one that waits for a refused resource for ever",
      `const again = [1, 2].map(() => new aws.cloudwatch.LogGroup("log", {}));
       class Part extends pulumi.ComponentResource {
         constructor() { super("test:index:Part", "part"); new aws.cloudwatch.LogGroup("part-log", { name: again[1].arn }, { parent: this, dependsOn: again }); }
       }
       new aws.cloudwatch.LogGroup("last", {}, { dependsOn: [new Part()] });`,
      /^Two resources have the URN [^\n]+::log\. Logical names must differ within a parent\.$/,
    ],
    [
      "a provider function without a mock",
      "export const image = aws.ecr.getImageOutput({ repositoryName: 'x' }).id;",
      /A recording has no answer for aws:ecr\/getImage:getImage/,
    ],
    [
      "a resource on the request path without a mock",
      'new aws.apigateway.Resource("r", { restApi: "a", parentId: "b", pathPart: "c" });',
      /does not support aws:apigateway\/resource:Resource/,
    ],
    [
      "a program that throws",
      'throw new Error("Pulumi.dev.yaml:3: gateway:port is 0");',
      /^Pulumi\.dev\.yaml:3: gateway:port is 0$/,
    ],
    ["a program with a programming error", "(undefined as any).x;", /reading 'x'\) \(DEBUG=1 shows where\)$/],
    [
      "a program that throws in an apply",
      'pulumi.output(1).apply(() => { throw new Error("late trouble"); });',
      /^late trouble$/,
    ],
  ];
  for (const [what, program, message] of refusals) {
    it(`refuses ${what}, in one line and without a stack trace`, async () => {
      await assert.rejects(recordProgram(program), (error) => {
        assert.ok(error instanceof RecordingError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n\s+at /);
        return true;
      });
    });
  }

  it("names the existing stacks when the requested one has no file", async () => {
    const { root, remove } = temporaryProgram({ "index.ts": "", "Pulumi.prod.yaml": "config: {}\n" });
    await assert.rejects(
      record("pord", { root }),
      /There is no Pulumi\.pord\.yaml .* Stacks here: dev, prod\./,
    );
    remove();
  });
});
