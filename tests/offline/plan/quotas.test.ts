import assert from "node:assert/strict";
import { planOfRecording } from "../../../offline/plan";
import { recorded } from "../../support/fixtures";
import { type Mistake, make } from "../wires";

/** Rule and location of each error in the dev stack's plan after a change. */
async function errors(mistake: Mistake): Promise<string[]> {
  const recording = await recorded("dev");
  make(mistake, recording);
  return planOfRecording(recording)
    .findings.filter(({ level }) => level === "error")
    .map(({ rule, where }) => `${rule}: ${where}`);
}

describe("The policies of the role that invokes the functions", function () {
  this.timeout(60_000);

  /** Each function that API Gateway invokes has one. */
  const functions =
    (count: number): Mistake =>
    (find, recording) => {
      const policy = find("RolePolicy", "dev-invoke");
      const more = Array.from({ length: count }, (_, index) => ({
        ...policy,
        urn: `${policy.urn}${index}`,
        id: `${policy.id}${index}`,
      }));
      recording.resources.push(...more);
    };

  it("have room for 30 more functions", async () => {
    assert.deepEqual(await errors(functions(30)), []);
  });

  it("are refused by the plan before AWS refuses them, when they have more than 10,240 characters", async () => {
    assert.deepEqual(await errors(functions(60)), [
      "quota-exceeded: inline policies of dev-invoke-role, characters",
    ]);
  });
});
