import assert from "node:assert/strict";
import { runScript } from "./run";

describe("npm run bench", () => {
  it("refuses a benchmark that is not there, naming those that are", async () => {
    const { code, stderr } = await runScript("bench", ["no-such"]);
    assert.equal(code, 1);
    assert.match(stderr, /^There is no benchmark no-such\. There are: /m);
  });
});
