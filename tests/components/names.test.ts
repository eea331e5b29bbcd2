import assert from "node:assert/strict";
import { limitedName, longestLogicalName, ordinalSuffix } from "../../components/names";

describe("Names", () => {
  it("leave room for what Pulumi appends", () => {
    assert.equal(longestLogicalName("targetGroup"), 24);
    assert.equal(limitedName("targetGroup", "x".repeat(24)), "x".repeat(24));
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

  it("count from the second of a kind", () => {
    assert.deepEqual([0, 1, 9].map(ordinalSuffix), ["", "-2", "-10"]);
  });
});
