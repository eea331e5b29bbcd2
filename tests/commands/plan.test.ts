import assert from "node:assert/strict";
import { runScript } from "./run";

describe("npm run plan", function () {
  this.timeout(60_000);

  it("prints the plan as JSON, and nothing else, when asked to", async () => {
    const { code, stdout } = await runScript("plan", ["--stack", "prod", "--json"]);
    const plan = JSON.parse(stdout);
    assert.deepEqual(Object.keys(plan).slice(0, 5), ["stack", "resources", "routes", "findings", "quotas"]);
    assert.deepEqual([plan.stack, code], ["prod", 0]);
    assert.deepEqual(Object.keys(plan.resources[1]), ["urn", "type", "name", "parent", "inputs"]);
    assert.deepEqual(Object.keys(plan.routes[0]), ["service", "method", "path", "access", "integration"]);
    assert.deepEqual(Object.keys(plan.quotas[0]), ["name", "used", "limit"]);
  });

  it("ends in silence when its reader has had enough", async () => {
    let ended = false;
    const { stderr } = await runScript("plan", [], (_, __, stop) => {
      if (!ended) stop();
      ended = true;
    });
    assert.equal(stderr, "");
  });

  it("prints a comparison as JSON, and nothing else, when asked to", async () => {
    const { code, stdout } = await runScript("plan", ["--base", "HEAD", "--json"]);
    const comparison = JSON.parse(stdout);
    assert.deepEqual([comparison.stack, comparison.failures, code], ["dev", [], 0]);
    assert.ok(Array.isArray(comparison.routes) && comparison.cost.fixedMonthly > 0);
    assert.equal(comparison.unknown, undefined);
  });

  const refusals: [string, string[], RegExp][] = [
    [
      "a stack without a file",
      ["--stack", "pord"],
      /There is no Pulumi\.pord\.yaml in .*Stacks here: dev, prod, stage, test/,
    ],
    ["Markdown without a commit to compare with", ["--markdown"], /--markdown .* add --base REF/],
    ["a gate without a commit to compare with", ["--fail-on", "weakened"], /--fail-on .* add --base REF/],
    ["two forms at once", ["--json", "--markdown", "--base", "HEAD"], /exclude each other/],
    [
      "a gate nobody knows",
      ["--base", "HEAD", "--fail-on", "taste"],
      /--fail-on accepts weakened, breaking, findings/,
    ],
  ];
  for (const [what, args, message] of refusals) {
    it(`refuses ${what}, without a stack trace`, async () => {
      const { code, stdout, stderr } = await runScript("plan", args);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
