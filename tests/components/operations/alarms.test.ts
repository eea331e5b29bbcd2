import assert from "node:assert/strict";
import { Alarms } from "../../../components/operations/alarms";
import { declare } from "../../support/declare";
import { aService, aStage } from "../../support/stage";

const topicArn = "arn:aws:sns:us-east-1:123456789012:on-call";

describe("Alarms", () => {
  it("watch each authorizer, each API and each backend, and notify the topic", async () => {
    const declared = await declare(() => {
      const stage = aStage();
      const service = aService(stage);
      new Alarms("dev-alarms", {
        stage: "dev",
        topicArn,
        authorizers: stage.functions.authorizers,
        apis: { "uuid-api": service, "old-api": { restApi: service.restApi } },
      });
    });
    const alarms = declared.all("MetricAlarm");
    assert.deepEqual(
      alarms.map(({ name, inputs }) => [name, inputs.metricName]),
      [
        ["dev-alarms-create-authorizer-errors", "Errors"],
        ["dev-alarms-create-authorizer-throttles", "Throttles"],
        ["dev-alarms-old-api-5xx", "5XXError"],
        ["dev-alarms-read-authorizer-errors", "Errors"],
        ["dev-alarms-read-authorizer-throttles", "Throttles"],
        ["dev-alarms-uuid-api-5xx", "5XXError"],
        ["dev-alarms-uuid-api-unhealthy", "UnHealthyHostCount"],
      ],
    );
    for (const { inputs } of alarms) {
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [[topicArn], [topicArn]]);
      assert.equal(inputs.treatMissingData, "notBreaching");
    }
    const dimensions = (name: string) => declared.one("MetricAlarm", `dev-alarms-${name}`).inputs.dimensions;
    assert.deepEqual(dimensions("uuid-api-unhealthy"), {
      TargetGroup: declared.one("TargetGroup").outputs.arnSuffix,
      LoadBalancer: declared.one("LoadBalancer").outputs.arnSuffix,
    });
    assert.deepEqual(dimensions("uuid-api-5xx"), { ApiName: "uuid-api-dev", Stage: "dev" });
    assert.deepEqual(dimensions("read-authorizer-errors"), {
      FunctionName: declared.one("Function", "dev-read-authorizer-function").outputs.name,
    });
  });

  it("are none for a stage without APIs and authorizers", async () => {
    const declared = await declare(
      () => new Alarms("dev-alarms", { stage: "dev", topicArn, authorizers: {}, apis: {} }),
    );
    assert.deepEqual(declared.names, ["dev-alarms"]);
  });
});
