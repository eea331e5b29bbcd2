import assert from "node:assert/strict";
import { join } from "node:path";
import { brief, EngineProgram, skipWithoutEngine } from "../../engine/engine";

describe("A saved plan in the Pulumi engine, as the up workflow uses it", function () {
  this.timeout(900_000);
  let program: EngineProgram;

  before(async function () {
    skipWithoutEngine(this);
    program = new EngineProgram("test");
    program.configure((config, services) => {
      config["gateway:services"] = services.slice(0, 1);
      delete config["gateway:keepAlive"];
    });
    // Names that the provider makes up come from a seed in the plan; the stand-in for the provider knows none.
    const { code, output } = await program.run("up", { args: ["--skip-preview"] });
    assert.equal(code, 0, output);
  });
  after(() => program?.remove());

  const timeout = (milliseconds: number) =>
    program.configure((_config, [service]) => {
      if (service) service.timeoutMs = { default: milliseconds };
    });
  const file = () => join(program.dir, "update.json");
  const decide = async () => {
    const { code, output } = await program.run("preview", { args: ["--save-plan", file()] });
    assert.equal(code, 0, output);
  };
  const act = () => program.run("up", { args: ["--plan", file()] });

  it("creates a new definition's deployment and moves the API stage to it", async () => {
    timeout(12_000);
    await decide();
    const { code, output, operations } = await act();
    assert.equal(code, 0, output);
    assert.deepEqual(brief(operations), [
      "update RestApi uuid-api-api",
      "create Deployment uuid-api-deployment",
      "update Stage uuid-api-stage",
    ]);
  });

  it("does nothing when the program declares anything else by then", async () => {
    timeout(13_000);
    await decide();
    timeout(14_000);
    const { code, output, operations } = await act();
    assert.notEqual(code, 0);
    assert.match(output, /violates plan/);
    assert.deepEqual(brief(operations), []);
  });
});
