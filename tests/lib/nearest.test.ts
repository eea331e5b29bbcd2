import assert from "node:assert/strict";
import { nearest } from "../../lib/nearest";

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
    it(`takes ${word} for ${meant ?? "nothing it knows"}`, () => assert.equal(nearest(word, keys), meant));
  }
});
