import assert from "node:assert/strict";
import { parseSettings } from "../../stacks/settings";
import { settingsWarnings } from "../../stacks/settings/warnings";
import { stackConfig } from "../support/fixtures";

type Config = Record<string, unknown>;

const parsed = (change: Config, stack = "dev") => {
  const config = { ...stackConfig(stack), ...change };
  return parseSettings(config, { stack, file: `Pulumi.${stack}.yaml` });
};
const rules = (change: Config, stack?: string) =>
  settingsWarnings(parsed(change, stack)).map(({ rule, where }) => `${rule} ${where.split(" ")[1]}`);
const topic = { topicArn: "arn:aws:sns:us-east-1:123456789012:on-call" };
const network = { subnetIds: ["subnet-010000000000000e1"], securityGroupIds: ["sg-010000000000000e2"] };

describe("A warning", () => {
  it("is not given for the stacks as they are", () => {
    for (const stack of ["dev", "test", "stage", "prod"]) assert.deepEqual(rules({}, stack), [], stack);
  });

  it("is given for production without alarms, but not for another stage", () => {
    const without = { "gateway:alarms": undefined };
    assert.deepEqual(rules(without, "prod"), [
      "alarms-missing gateway:alarms",
      "alarm-without-topic gateway:keepAlive",
    ]);
    assert.deepEqual(rules(without, "dev"), []);
  });

  it("is given for a keep-alive whose alarms notify nobody", () => {
    const keepAlive = { "gateway:keepAlive": { network } };
    assert.deepEqual(rules(keepAlive), ["alarm-without-topic gateway:keepAlive"]);
    assert.deepEqual(rules({ ...keepAlive, "gateway:alarms": topic }), []);
  });

  it("is given for production without a throttle, which is only so on request", () => {
    assert.deepEqual(rules({ "gateway:throttle": false }, "prod"), [
      "production-without-throttle gateway:throttle",
    ]);
    assert.deepEqual(rules({ "gateway:throttle": false }, "dev"), []);
  });

  it("is given for a private range, from which no caller comes", () => {
    const allow = { contact: "x", addresses: ["192.0.2.0/24", "10.1.0.0/16", "fd00::/32"] };
    assert.deepEqual(rules({ "gateway:allow": allow }), [
      "allow-private-range gateway:allow.addresses[1]",
      "allow-private-range gateway:allow.addresses[2]",
    ]);
  });

  it("is given for a level that nobody has", () => {
    const levels = { ...(stackConfig("dev")["gateway:levels"] as Config), empty: { groups: [] } };
    assert.deepEqual(rules({ "gateway:levels": levels }), ["level-without-groups gateway:levels.empty"]);
  });

  it("is given for existing instances next to a network that is created", () => {
    const created = rules({ "gateway:network": { create: { cidr: "10.9.0.0/16", zones: 2 } } });
    assert.deepEqual(created, [
      "instances-outside-network gateway:services[0].backend",
      "instances-outside-network gateway:services[1].backend",
      "instances-outside-network gateway:services[2].backend",
    ]);
  });
});

describe("The throttle of an API", () => {
  const throttles = (change: Config, stack?: string) =>
    parsed(change, stack).services.map(({ throttle }) => throttle);
  const one = { rate: 10, burst: 5 };

  it("is the production default in production only", () => {
    assert.deepEqual(throttles({}, "prod")[0], { rate: 2000, burst: 1000 });
    assert.deepEqual(throttles({}, "dev")[0], undefined);
    assert.deepEqual(throttles({ "gateway:throttle": false }, "prod")[0], undefined);
  });

  it("is the stage's unless it has its own", () => {
    const [first, ...others] = stackConfig("dev")["gateway:services"] as Config[];
    const change = (throttle: unknown) => ({
      "gateway:throttle": one,
      "gateway:services": [{ ...first, throttle }, ...others],
    });
    assert.deepEqual(throttles(change(undefined)).slice(0, 2), [one, one]);
    assert.deepEqual(throttles(change({ rate: 1, burst: 1 })).slice(0, 2), [{ rate: 1, burst: 1 }, one]);
    assert.deepEqual(throttles(change(false)).slice(0, 2), [undefined, one]);
  });

  it("is refused without a burst or with a rate of nothing", () => {
    assert.throws(
      () => parsed({ "gateway:throttle": { rate: 5 } }),
      /gateway:throttle\.burst: found nothing/,
    );
    assert.throws(
      () => parsed({ "gateway:throttle": { rate: 0, burst: 1 } }),
      /throttle\.rate: .*at least 1/,
    );
    assert.throws(() => parsed({ "gateway:throttle": true }), /gateway:throttle: found true/);
  });
});
