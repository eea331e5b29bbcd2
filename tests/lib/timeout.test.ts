import assert from "node:assert/strict";
import { withTimeout } from "../../lib/timeout";

describe("withTimeout", () => {
  const late = () => new Error("too late");

  it("gives the result, or the error, of work that ends in time", async () => {
    assert.equal(await withTimeout(1000, async () => 1, late), 1);
    await assert.rejects(
      withTimeout(1000, () => Promise.reject(new Error("failed")), late),
      /failed/,
    );
  });

  it("rejects when the work takes longer", async () => {
    await assert.rejects(
      withTimeout(1, () => new Promise(() => {}), late),
      /too late/,
    );
  });
});
