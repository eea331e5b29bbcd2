import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { KeepAlive, type KeepAliveArgs } from "../../../components/operations/keep-alive";
import { at } from "../../../lib/json";
import { type Declared, declare } from "../../support/declare";
import { bundles } from "../../support/stage";

const declared = (args: Partial<KeepAliveArgs> = {}, preview = false) =>
  declare(
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
    { preview },
  );
const statementsOf = (resources: Declared, type: string, name: string, key: string) =>
  JSON.parse(String(resources.one(type, name).inputs[key])).Statement;

describe("The keep-alive", () => {
  it("calls every target on its days, with a function that retries itself", async () => {
    const resources = await declared();
    const caller = resources.one("Function").outputs;
    const { inputs } = resources.one("Schedule");
    assert.equal(inputs.scheduleExpression, "rate(7 days)");
    assert.equal(at(inputs, ["target", "arn"]), caller.arn);
    assert.deepEqual(JSON.parse(String(at(inputs, ["target", "input"]))), {
      targets: [{ service: "uuid-api", url: "https://uuid-api.dev.example.org/status" }],
    });
    const single = resources.one("FunctionEventInvokeConfig").inputs;
    assert.deepEqual([single.maximumRetryAttempts, single.functionName], [0, caller.name]);
  });

  it("says day for one", async () => {
    const { inputs } = (await declared({ everyDays: 1 })).one("Schedule");
    assert.equal(inputs.scheduleExpression, "rate(1 day)");
  });

  it("allows only the schedules of its own group to invoke that function, and nothing else", async () => {
    const resources = await declared();
    assert.deepEqual(statementsOf(resources, "Role", "dev-keep-alive-role", "assumeRolePolicy"), [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceArn": resources.one("ScheduleGroup").outputs.arn } },
      },
    ]);
    assert.deepEqual(statementsOf(resources, "RolePolicy", "dev-keep-alive-policy", "policy"), [
      { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: resources.one("Function").outputs.arn },
    ]);
  });

  it("raises an alarm that lasts until a call succeeds, and one when no call was made", async () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:on-call";
    const resources = await declared({ alarmTopicArn: topic });
    const failure = resources.one("MetricAlarm", "dev-keep-alive-failure").inputs;
    assert.deepEqual(
      [failure.namespace, failure.metricName, failure.treatMissingData, failure.dimensions],
      ["AWS/Lambda", "Errors", "ignore", { FunctionName: resources.one("Function").outputs.name }],
    );
    const missed = resources.one("MetricAlarm", "dev-keep-alive-missed").inputs;
    assert.deepEqual(
      [missed.namespace, missed.metricName, missed.treatMissingData, missed.dimensions],
      [
        "AWS/Scheduler",
        "InvocationDroppedCount",
        "notBreaching",
        { ScheduleGroup: resources.one("ScheduleGroup").outputs.name },
      ],
    );
    for (const alarm of [failure, missed]) {
      assert.deepEqual([alarm.alarmActions, alarm.okActions], [[topic], [topic]]);
      assert.equal(alarm.threshold, 1);
      const seconds = Number(alarm.period) * Number(alarm.evaluationPeriods);
      assert.ok(seconds <= 604_800, "the longest AWS evaluates");
    }
  });

  it("notifies nobody without a topic", async () => {
    const { inputs } = (await declared()).one("MetricAlarm", "dev-keep-alive-failure");
    assert.deepEqual(inputs.alarmActions, []);
  });

  it("declares the same in a preview", async () => {
    assert.deepEqual((await declared({}, true)).names, (await declared()).names);
  });
});
