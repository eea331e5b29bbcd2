import assert from "node:assert/strict";
import { runScript } from "../commands/run";

const run = (...args: string[]) => runScript("functions", args);

describe("npm run functions", function () {
  this.timeout(60_000);

  it("prints the sizes as JSON, and that alone", async () => {
    const sizes = JSON.parse((await run("sizes", "--json")).stdout);
    assert.deepEqual(
      sizes.map(({ name }: { name: string }) => name),
      ["authorizer", "not-found", "redirect", "keep-alive", "functions-layer"],
    );
    for (const { bytes } of sizes) assert.ok(Number.isInteger(bytes) && bytes > 0);
  });

  it("runs an authorizer as the dev stack declares it, with a stand-in for Globus", async () => {
    const { stdout, stderr, code } = await run("invoke", "read", "read-token");
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).policyDocument.Statement[0].Effect, "Allow");
    assert.ok(!stderr.includes("read-token"));
  });

  it("exits with 1 when the function fails, and prints its error", async () => {
    const { stdout, code } = await run("invoke", "read", '{"authorizationToken":"Bearer read-token"}');
    assert.equal(code, 1);
    assert.match(JSON.parse(stdout).errorMessage, /methodArn is missing/);
  });
});
