import assert from "node:assert/strict";
import { ExpiringMap } from "../../../gateway/rest-api/expiring-map";

describe("expiring map", () => {
  it("returns an entry until it expires", () => {
    const map = new ExpiringMap<string>();
    map.set("k", "v", 100, 1000);
    assert.equal(map.get("k", 1099), "v");
    assert.equal(map.get("k", 1100), undefined);
    assert.equal(map.size, 0);
  });
  it("sweeps what has ended before it drops what has not", () => {
    const map = new ExpiringMap<number>(2);
    map.set("old", 1, 10, 0);
    map.set("a", 2, 1000, 0);
    map.set("b", 3, 1000, 50);
    assert.deepEqual([map.get("a", 60), map.get("b", 60), map.get("old", 60)], [2, 3, undefined]);
    map.set("c", 4, 1000, 60);
    assert.deepEqual([map.size, map.get("a", 60), map.get("c", 60)], [2, undefined, 4]);
  });
});
