import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { brief, EngineProgram, pendingCreates, skipWithoutEngine } from "./engine";

describe("In the real engine, a run whose engine is killed", function () {
  this.timeout(600_000);
  let program: EngineProgram;

  before(async function () {
    skipWithoutEngine(this);
    program = new EngineProgram("changes", join(projectRoot, "tests/fixtures/engine"));
    program.configure((_, services) => services.splice(1));
  });
  after(() => program?.remove());

  for (const last of ["Function ", "Deployment "]) {
    it(`after the first ${last.trim()} is completed by the next run, and only what was pending is made twice`, async () => {
      const killed = await program.run("up", {
        args: ["--skip-preview"],
        killAfter: (operation) => brief([operation])[0]?.startsWith(`create ${last}`) ?? false,
      });
      assert.notEqual(killed.code, 0);
      assert.ok(brief(killed.operations).some((line) => line.startsWith(`create ${last}`)));
      const pending = pendingCreates(program);
      const { code, output, operations } = await program.run("up", { args: ["--skip-preview"] });
      assert.equal(code, 0, output.slice(-4000));
      const preview = await program.run("preview", { args: ["--expect-no-changes"] });
      assert.equal(preview.code, 0, preview.output.slice(-2000));
      const made = [...killed.operations, ...operations]
        .filter(({ op }) => op === "create")
        .map(({ name }) => name);
      const twice = made.filter((name, index) => made.indexOf(name) !== index);
      // What AWS had made when the engine was killed, and Pulumi had not noted yet: its state says so.
      for (const name of twice)
        assert.ok(pending.includes(name), `${name} was not pending: ${pending.join(", ")}`);
      const gone = await program.run("destroy", { args: ["--skip-preview"] });
      assert.equal(gone.code, 0, gone.output.slice(-2000));
    });
  }
});
