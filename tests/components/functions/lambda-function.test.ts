import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction, type LambdaFunctionArgs } from "../../../components/functions/lambda-function";
import { at } from "../../../lib/json";
import { type Declared, declare } from "../../support/declare";
import { bundles } from "../../support/stage";

const declared = (args: Partial<LambdaFunctionArgs> = {}, preview = false) =>
  declare(
    () =>
      new LambdaFunction("dev-test", {
        bundle: bundles.notFound,
        description: "A test",
        logRetentionDays: 90,
        ...args,
      }),
    { preview },
  );
const policyOf = (resources: Declared) => String(resources.one("RolePolicy").inputs.policy);

describe("A Lambda function", () => {
  it("has a role, a policy and a log group of its own, named after it", async () => {
    const { resources } = await declared();
    assert.deepEqual(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort(), [
      "Function dev-test-function",
      "LambdaFunction dev-test",
      "LogGroup dev-test-logs",
      "Role dev-test-role",
      "RolePolicy dev-test-policy",
    ]);
  });

  it("runs on arm64 and Node 22, traced, with JSON logs in the group that has a retention", async () => {
    const resources = await declared();
    const { inputs } = resources.one("Function");
    assert.equal(inputs.runtime, "nodejs22.x");
    assert.deepEqual(inputs.architectures, ["arm64"]);
    assert.deepEqual(inputs.tracingConfig, { mode: "Active" });
    assert.equal(inputs.handler, "index.handler");
    assert.equal(at(inputs, ["loggingConfig", "logFormat"]), "JSON");
    const logs = resources.one("LogGroup").inputs;
    assert.equal(at(inputs, ["loggingConfig", "logGroup"]), logs.name);
    assert.deepEqual([logs.name, logs.retentionInDays], ["/aws/lambda/gateway-dev-test", 90]);
  });

  it("has neither reserved concurrency, VPC, layers nor variables by default", async () => {
    const { inputs } = (await declared()).one("Function");
    for (const key of ["reservedConcurrentExecutions", "vpcConfig", "layers", "environment"])
      assert.ok(!(key in inputs), key);
    const reserved = (await declared({ reservedConcurrency: 0 })).one("Function");
    assert.equal(reserved.inputs.reservedConcurrentExecutions, 0);
  });

  it("may write its own log and traces, and nothing else", async () => {
    const resources = await declared();
    assert.deepEqual(JSON.parse(policyOf(resources)).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${resources.one("LogGroup").outputs.arn}:*`,
      },
      { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" },
    ]);
    const { inputs } = resources.one("Role");
    assert.deepEqual(JSON.parse(String(inputs.assumeRolePolicy)).Statement, [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ]);
    assert.ok(!("managedPolicyArns" in inputs));
  });

  it("may do what its statements allow, and manage network interfaces only in a VPC", async () => {
    const network = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    const statements = [
      { Action: ["sns:Publish"], Resource: pulumi.output("arn:aws:sns:us-east-1:123456789012:x") },
    ];
    const resources = await declared({ network, statements });
    assert.match(policyOf(resources), /ec2:CreateNetworkInterface/);
    assert.match(policyOf(resources), /"sns:Publish"\],"Resource":"arn:aws:sns/);
    assert.deepEqual(resources.one("Function").inputs.vpcConfig, network);
    assert.doesNotMatch(policyOf(await declared()), /ec2:/);
  });

  it("is refused with more than 4 KB of environment variables, naming the largest", async () => {
    const environment = { SMALL: "x", ACCESS_GROUPS: "g".repeat(4090) };
    await assert.rejects(
      declared({ environment }),
      /dev-test: its environment variables have 4109 bytes.*ACCESS_GROUPS \(4103 bytes\)/,
    );
    await declared({ environment: { A: "é".repeat(2047) } });
    await assert.rejects(declared({ environment: { A: "é".repeat(2048) } }), /have 4097 bytes/);
  });

  it("declares the same in a preview, where nothing of AWS is known", async () => {
    const environment = { TOPIC: pulumi.output("later") };
    assert.deepEqual((await declared({ environment }, true)).names, (await declared()).names);
  });
});
