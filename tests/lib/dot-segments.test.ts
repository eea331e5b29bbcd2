import assert from "node:assert/strict";
import { hasDotSegment } from "../../lib/dot-segments";

describe("A dot segment", () => {
  for (const path of [
    "/entities/..%2Fdatasets%2Funpublished",
    "/entities/%2e%2e%2Fdatasets",
    "/entities/.%2e/datasets",
    "/entities/%2E./datasets",
    "/entities/x%2f..%2f..%2Fdatasets",
    "/entities/..%5Cdatasets",
    "/entities/..\\datasets",
    "/entities/..%252Fdatasets",
    "/entities/%252e%252e%252fdatasets",
    "/entities/%25252e%25252e%25252fdatasets",
    "/entities/..;/datasets",
    "/entities/..%3Bx%2Fdatasets",
    "/entities/%2e%2fdatasets",
    "/entities/..",
    "/entities/../datasets",
    "/entities/%2e%2e",
  ]) {
    it(`is in ${path}`, () => assert.ok(hasDotSegment(path)));
  }

  for (const path of [
    "/",
    "/entities/10.1234%2FHBM764.PLSD.325",
    "/doi/10.35079%2Fhbm.a.b%2Fc",
    "/a..b/c",
    "/a../c",
    "/..a/c",
    "/.well-known/openid-configuration",
    "/files/.hidden%2Fx",
    "/files/...%2Fx",
    "/files/x.%2Fy",
    "/files/a%20..b",
    "/v1.0/status",
  ]) {
    it(`is not in ${path}`, () => assert.ok(!hasDotSegment(path)));
  }
});
