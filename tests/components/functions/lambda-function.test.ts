import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction, type LambdaFunctionArgs } from "../../../components/functions/lambda-function";
import { bundles, declared, only } from "./function-mocks";

const functionType = "aws:lambda/function:Function";
const declare = (args: Partial<LambdaFunctionArgs> = {}, preview = false) =>
  declared(
    () =>
      new LambdaFunction("dev-test", {
        bundle: bundles.notFound,
        description: "A test",
        logRetentionDays: 90,
        ...args,
      }),
    preview,
  );

describe("A Lambda function", () => {
  it("has a role, a policy and a log group of its own, named after it", async () => {
    const resources = await declare();
    assert.deepEqual(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).toSorted(), [
      "Function dev-test-function",
      "LambdaFunction dev-test",
      "LogGroup dev-test-logs",
      "Role dev-test-role",
      "RolePolicy dev-test-policy",
    ]);
  });

  it("runs on arm64 and Node 22, traced, with JSON logs in the group that has a retention", async () => {
    const resources = await declare();
    const { inputs } = only(resources, functionType);
    assert.equal(inputs.runtime, "nodejs22.x");
    assert.deepEqual(inputs.architectures, ["arm64"]);
    assert.deepEqual(inputs.tracingConfig, { mode: "Active" });
    assert.equal(inputs.loggingConfig.logFormat, "JSON");
    const logs = only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.equal(inputs.loggingConfig.logGroup, logs.name);
    assert.equal(logs.name, "/aws/lambda/gateway-dev-test");
    assert.equal(logs.retentionInDays, 90);
    assert.equal(inputs.handler, "index.handler");
    assert.equal(await inputs.code.path, bundles.notFound.archive);
  });

  it("reserves no concurrency, joins no VPC and has neither layer nor variables unless told", async () => {
    const { inputs } = only(await declare(), functionType);
    for (const key of ["reservedConcurrentExecutions", "vpcConfig", "layers", "environment"])
      assert.ok(!(key in inputs), key);
    const told = only(await declare({ reservedConcurrency: 0 }), functionType);
    assert.equal(told.inputs.reservedConcurrentExecutions, 0);
  });

  it("may write its own log and traces, and nothing else", async () => {
    const { inputs } = only(await declare(), "aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(JSON.parse(inputs.policy).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "arn:aws:logs:us-east-1:123456789012:log-group:dev-test-logs:*",
      },
      { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" },
    ]);
    const role = only(await declare(), "aws:iam/role:Role").inputs;
    assert.deepEqual(JSON.parse(role.assumeRolePolicy).Statement[0].Principal, {
      Service: "lambda.amazonaws.com",
    });
    assert.ok(!("managedPolicyArns" in role));
  });

  it("may do what it was given, and manage network interfaces only in a VPC", async () => {
    const network = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    const statements = [
      { Action: ["sns:Publish"], Resource: pulumi.output("arn:aws:sns:us-east-1:123456789012:x") },
    ];
    const resources = await declare({ network, statements });
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy;
    assert.match(policy, /ec2:CreateNetworkInterface/);
    assert.match(policy, /"sns:Publish"\],"Resource":"arn:aws:sns/);
    assert.deepEqual(only(resources, functionType).inputs.vpcConfig, network);
    assert.doesNotMatch(only(await declare(), "aws:iam/rolePolicy:RolePolicy").inputs.policy, /ec2:/);
  });

  it("is refused with more than 4 KB of environment variables, naming the largest", async () => {
    const environment = { SMALL: "x", ACCESS_GROUPS: "g".repeat(4090) };
    await assert.rejects(
      declare({ environment }),
      /dev-test: its environment variables take 4109 bytes.*ACCESS_GROUPS with 4103/,
    );
    await declare({ environment: { A: "é".repeat(2047) } });
    await assert.rejects(declare({ environment: { A: "é".repeat(2048) } }), /take 4097 bytes/);
  });

  it("is declared whole in a preview, where nothing of AWS is known", async () => {
    assert.equal((await declare({ environment: { TOPIC: pulumi.output("later") } }, true)).length, 5);
  });
});
