import assert from "node:assert/strict";
import { projectRoot } from "../../lib/project-root";
import { planOf } from "../../offline/plan";
import { stacksIn } from "../../offline/recording/stack-file";
import { check } from "../../openapi";
import { readSpec, specFilesIn } from "./specs-in";

/** Whoever runs the gateway changes these files, so nothing here may depend on what they say. */
describe("The stack files and specs of this project", function () {
  this.timeout(120_000); // a plan runs the program in a process of its own

  const stacks = stacksIn(projectRoot);
  if (stacks.length === 0) it.skip("(skipped: there is no Pulumi.<stack>.yaml)");
  for (const stack of stacks) {
    it(`plan without an error: ${stack}`, async () => {
      const { findings, resources } = await planOf(stack, { root: projectRoot });
      assert.deepEqual(
        findings.filter(({ level }) => level === "error"),
        [],
      );
      assert.ok(resources.length > 0);
    });
  }

  for (const file of specFilesIn(projectRoot)) {
    it(`can be imported by API Gateway, or compiled to what can: ${file}`, function () {
      const document = readSpec(projectRoot, file);
      if (!document) this.skip(); // a file that specs refer to
      assert.deepEqual(
        check(document).filter(({ level, autofix }) => level === "error" && !autofix),
        [],
      );
    });
  }
});
