import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { projectRoot } from "../../lib/project-root";

const script = ["-r", "./lib/typescript.js", "commands/functions.ts"];
const run = (...args: string[]) =>
  spawnSync(process.execPath, [...script, ...args], { cwd: projectRoot, encoding: "utf8" });

describe("npm run functions", function () {
  this.timeout(60_000);

  it("prints the sizes as JSON, and that alone", () => {
    const sizes = JSON.parse(
      execFileSync(process.execPath, [...script, "sizes", "--json"], { cwd: projectRoot, encoding: "utf8" }),
    );
    assert.deepEqual(
      sizes.map(({ name }: { name: string }) => name),
      ["authorizer", "not-found", "redirect", "keep-alive", "functions-layer"],
    );
    for (const { bytes } of sizes) assert.ok(Number.isInteger(bytes) && bytes > 0);
  });

  it("runs an authorizer as the dev stack declares it, against a stand-in for Globus", () => {
    const { stdout, stderr, status } = run("invoke", "read", "read-token");
    assert.equal(status, 0, stderr);
    assert.equal(JSON.parse(stdout).policyDocument.Statement[0].Effect, "Allow");
    assert.ok(!stderr.includes("read-token"));
  });

  it("exits with 1 when the function fails, and says what it would say", () => {
    const { stdout, status } = run("invoke", "read", '{"authorizationToken":"Bearer read-token"}');
    assert.equal(status, 1);
    assert.match(JSON.parse(stdout).errorMessage, /methodArn is missing/);
  });
});
