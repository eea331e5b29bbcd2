import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { KeepAlive, type KeepAliveArgs } from "../../../components/operations/keep-alive";
import { bundles, declared, only } from "../functions/function-mocks";

const declare = (args: Partial<KeepAliveArgs> = {}, preview = false) =>
  declared(
    () =>
      new KeepAlive("dev-keep-alive", {
        stage: "dev",
        bundle: bundles.keepAlive,
        layer: "arn:aws:lambda:us-east-1:123456789012:layer:dev-layer:1",
        targets: [{ service: "uuid-api", url: pulumi.output("https://uuid-api.dev.example.org/status") }],
        everyDays: 7,
        logRetentionDays: 90,
        ...args,
      }),
    preview,
  );

describe("The keep-alive", () => {
  it("calls every target on its days, by a function that tries again itself", async () => {
    const resources = await declare();
    const { inputs } = only(resources, "aws:scheduler/schedule:Schedule");
    assert.equal(inputs.scheduleExpression, "rate(7 days)");
    assert.equal(
      inputs.target.arn,
      "arn:aws:lambda:us-east-1:123456789012:function:dev-keep-alive-caller-function-1a2b3c4",
    );
    assert.deepEqual(JSON.parse(inputs.target.input), {
      targets: [{ service: "uuid-api", url: "https://uuid-api.dev.example.org/status" }],
    });
    const single = only(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").inputs;
    assert.equal(single.maximumRetryAttempts, 0);
    assert.equal(single.functionName, "dev-keep-alive-caller-function-1a2b3c4");
  });

  it("says day for one", async () => {
    const { inputs } = only(await declare({ everyDays: 1 }), "aws:scheduler/schedule:Schedule");
    assert.equal(inputs.scheduleExpression, "rate(1 day)");
  });

  it("lets the schedules of its own group invoke that function, and nobody anything else", async () => {
    const resources = await declare();
    const role = only(resources, "aws:iam/role:Role", "dev-keep-alive-role").inputs;
    assert.deepEqual(JSON.parse(role.assumeRolePolicy).Statement, [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceArn":
              "arn:aws:scheduler:us-east-1:123456789012:schedule-group/dev-keep-alive-schedules-1a2b3c4",
          },
        },
      },
    ]);
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy", "dev-keep-alive-policy").inputs;
    assert.deepEqual(JSON.parse(policy.policy).Statement, [
      {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: "arn:aws:lambda:us-east-1:123456789012:function:dev-keep-alive-caller-function-1a2b3c4",
      },
    ]);
  });

  it("raises an alarm that lasts until a call goes well, and one when no call was made", async () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:on-call";
    const resources = await declare({ alarmTopicArn: topic });
    const failure = only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "-failure").inputs;
    assert.deepEqual(
      [failure.namespace, failure.metricName, failure.treatMissingData, failure.dimensions.FunctionName],
      ["AWS/Lambda", "Errors", "ignore", "dev-keep-alive-caller-function-1a2b3c4"],
    );
    const missed = only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "-missed").inputs;
    assert.deepEqual(
      [missed.namespace, missed.metricName, missed.treatMissingData, missed.dimensions.ScheduleGroup],
      ["AWS/Scheduler", "InvocationDroppedCount", "notBreaching", "dev-keep-alive-schedules-1a2b3c4"],
    );
    for (const alarm of [failure, missed]) {
      assert.deepEqual([alarm.alarmActions, alarm.okActions], [[topic], [topic]]);
      assert.equal(alarm.threshold, 1);
      assert.ok(alarm.period * alarm.evaluationPeriods <= 604_800, "the longest AWS evaluates");
    }
  });

  it("tells nobody without a topic", async () => {
    const resources = await declare();
    assert.deepEqual(
      only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "-failure").inputs.alarmActions,
      [],
    );
  });

  it("is refused outside 1 to 30 whole days", async () => {
    for (const everyDays of [0, -1, 1.5, 31, Number.NaN]) {
      await assert.rejects(declare({ everyDays }), /everyDays is .*; accepted are whole days from 1 to 30/);
    }
  });

  it("is declared whole in a preview", async () => {
    assert.equal((await declare({}, true)).length, (await declare()).length);
  });
});
