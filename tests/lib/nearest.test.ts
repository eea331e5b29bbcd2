import assert from "node:assert/strict";
import { nearest, nearestOf } from "../../lib/nearest";

describe("nearest", () => {
  const keys = ["port", "domain", "keepDeployments", "access"];
  const cases: [string, string | undefined][] = [
    ["prot", "port"],
    ["Domain", "domain"],
    ["domian", "domain"],
    ["keepDeployment", "keepDeployments"],
    ["acces", "access"],
    ["backend", undefined],
    ["x", undefined],
  ];
  for (const [word, meant] of cases) {
    it(`suggests ${meant ?? "nothing"} for ${word}`, () => assert.equal(nearest(word, keys), meant));
  }

  it("gives several suggestions, nearest first, and none that is far away", () => {
    assert.deepEqual(nearestOf("raed", ["create", "read", "reads", "data-admin"], 3), ["read"]);
    assert.deepEqual(nearestOf("entitys", ["entities", "entity", "status"], 2), ["entity", "entities"]);
    assert.deepEqual(nearestOf("portt", ["spec", "port"], 2), ["port"]);
  });
});
