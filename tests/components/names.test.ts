import assert from "node:assert/strict";
import { authorizerName, limitedName, nameProblem, ordinalSuffix } from "../../components/names";

describe("Names", () => {
  it("leave room for what Pulumi appends", () => {
    assert.equal(limitedName("targetGroup", "x".repeat(24)), "x".repeat(24));
    assert.equal(limitedName("function", "x".repeat(56)), "x".repeat(56));
  });

  it("that are too long are refused with the number of characters", () => {
    assert.throws(
      () => limitedName("loadBalancer", "x".repeat(25)),
      /has 25 characters; at most 24 are allowed \(AWS allows 32/,
    );
  });

  it("fit for the longest stage and port, also on the second load balancer", () => {
    const targetGroup = `${"s".repeat(16)}-65535${ordinalSuffix(1)}`;
    assert.equal(limitedName("targetGroup", targetGroup), targetGroup);
    const loadBalancer = `${"s".repeat(16)}-nlb${ordinalSuffix(1)}`;
    assert.equal(limitedName("loadBalancer", loadBalancer), loadBalancer);
  });

  it("have a problem when a function's, a role's or a bucket's would be longer than AWS allows", () => {
    for (const [kind, most] of [
      ["function", 56],
      ["role", 56],
      ["scheduleGroup", 56],
      ["bucket", 55],
    ] as const) {
      assert.equal(nameProblem(kind, "x".repeat(most)), undefined, kind);
      assert.match(nameProblem(kind, "x".repeat(most + 1)) ?? "", new RegExp(`at most ${most}`), kind);
    }
    assert.equal(authorizerName("dev", "read"), "dev-read-authorizer");
  });

  it("count from the second of a kind", () => {
    assert.deepEqual([0, 1, 9].map(ordinalSuffix), ["", "-2", "-10"]);
  });
});
