import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { EngineProgram, skipWithoutEngine } from "../engine/engine";

const policies = join(projectRoot, "policies");

describe("The policy pack in the Pulumi engine", function () {
  this.timeout(180_000);
  let program: EngineProgram;

  before(function () {
    skipWithoutEngine(this);
    program = new EngineProgram("prod");
    cpSync(policies, join(program.dir, "policies"), { recursive: true });
  });
  after(() => program?.remove());

  const preview = () => program.run("preview", { args: ["--policy-pack", "policies"] });

  it("accepts production as the repository declares it", async () => {
    const { code, output } = await preview();
    assert.equal(code, 0, output);
    assert.match(output, /gateway-policies@v/);
  });

  it("stops an update that would leave production's load balancer unprotected, and says why", async () => {
    program.configure((config) => {
      config["gateway:protect"] = false;
    });
    const { code, output } = await preview();
    assert.notEqual(code, 0);
    assert.match(output, /\[mandatory\]\s+protected-load-balancer/);
    assert.match(output, /set enableDeletionProtection: true/);
  });

  it("asks the configuration, not only the stack's name, whether a stack is production", async () => {
    program.configure((config) => {
      config["gateway:production"] = false;
      config["gateway:protect"] = false;
    });
    const { output } = await preview();
    assert.doesNotMatch(output, /protected-load-balancer/);
    // Production has no allow list, which the settings require of every other stack.
    assert.match(output, /gateway:allow: found nothing/);
  });
});
