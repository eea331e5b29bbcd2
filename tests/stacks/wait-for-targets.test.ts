import assert from "node:assert/strict";
import { type TargetState, untilHealthy } from "../../stacks/wait-for-targets";

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/dev-2222-abc1234/1";

/** Answers one state of the targets after the other, and the last one for ever. */
function states(...answers: TargetState[][]) {
  let asked = 0;
  return {
    count: () => asked,
    options: {
      describe: async () => answers[Math.min(asked++, answers.length - 1)] as TargetState[],
      pollMs: 1,
      limitMs: 30,
    },
  };
}

const target = (id: string, state: string, reason?: string): TargetState => ({
  id,
  state,
  ...(reason && { reason }),
});

describe("The wait for targets", () => {
  it("ends as soon as a target is healthy", async () => {
    const { options, count } = states(
      [target("a", "initial")],
      [target("a", "initial")],
      [target("a", "healthy")],
    );
    await untilHealthy(arn, new Set(), options);
    assert.equal(count(), 3);
  });

  it("asks once when a target is healthy already", async () => {
    const { options, count } = states([target("a", "unhealthy"), target("b", "healthy")]);
    await untilHealthy(arn, new Set(), options);
    assert.equal(count(), 1);
  });

  it("does not count the targets that were healthy before", async () => {
    const { options, count } = states(
      [target("old", "healthy"), target("new", "initial")],
      [target("old", "healthy"), target("new", "healthy")],
    );
    await untilHealthy(arn, new Set(["old"]), options);
    assert.equal(count(), 2);
  });

  it("fails at its limit, with the target group, the states and what to do", async () => {
    const { options } = states([target("i-1:2222", "unhealthy", "Health checks failed")]);
    await assert.rejects(
      untilHealthy(arn, new Set(), options),
      /target group dev-2222-abc1234 .* i-1:2222 unhealthy \(Health checks failed\)\. Callers are still served as before\. .*targetWaitMinutes/,
    );
    await assert.rejects(untilHealthy(arn, new Set(), states([]).options), /it has none/);
  });
});
