import assert from "node:assert/strict";
import { planOfRecording } from "../../../offline/plan";
import { recorded } from "../../support/fixtures";
import { forAuthorizers, type Mistake, make } from "../wires";

/** Rule and location of each error in the dev stack's plan after a change. */
async function errors(mistake: Mistake): Promise<string[]> {
  const recording = await recorded("dev");
  make(mistake, recording);
  return planOfRecording(recording)
    .findings.filter(({ level }) => level === "error")
    .map(({ rule, where }) => `${rule}: ${where}`);
}

describe("The policy of an authorizer function", function () {
  this.timeout(60_000);

  /** Each API that the function serves adds a statement. Source: Lambda quotas, "Resource-based policy": 20 KB. */
  const services =
    (count: number): Mistake =>
    (find, recording) => {
      const permission = find("Permission", "uuid-api", forAuthorizers);
      const more = Array.from({ length: count }, (_, index) => ({
        ...permission,
        urn: `${permission.urn}${index}`,
        id: `${permission.id}${index}`,
      }));
      recording.resources.push(...more);
    };

  it("has room for 30 more services", async () => {
    assert.deepEqual(await errors(services(30)), []);
  });

  it("is an error of the plan, before AWS refuses it, when it is longer than 20,480 bytes", async () => {
    const [error, ...others] = await errors(services(60));
    assert.match(error ?? "", /^quota-exceeded: resource policy of dev-read-authorizer\S*, bytes$/);
    assert.deepEqual(others, []);
  });
});
