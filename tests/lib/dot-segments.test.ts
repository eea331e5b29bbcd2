import assert from "node:assert/strict";
import { hasDotSegment } from "../../lib/dot-segments";

describe("dot segments", () => {
  const cases: [path: string, found: boolean][] = [
    ["/a/../b", true],
    ["/a/.", true],
    ["/a/./b", true],
    ["/entities/..%2Fdatasets", true],
    ["/entities/%2e%2e%2fdatasets", true],
    ["/entities/.%2E/x", true],
    ["/a%5C..%5Cb", true],
    ["..", true],
    ["/doi/10.1234%2FHBM764.PLSD.325", false],
    ["/a..b", false],
    ["/.well-known/x", false],
    ["/...", false],
    ["/a%2Fb", false],
    ["/", false],
  ];
  for (const [path, found] of cases) {
    it(`${path} has ${found ? "one" : "none"}`, () => assert.equal(hasDotSegment(path), found));
  }
});
