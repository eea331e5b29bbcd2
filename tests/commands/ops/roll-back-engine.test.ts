import assert from "node:assert/strict";
import { brief, EngineProgram, type Operation, skipWithoutEngine } from "../../engine/engine";

/** The deployment that the last run left the API stage at. */
function served(operations: Operation[]): unknown {
  return operations.filter(({ type }) => type === "aws:apigateway/stage:Stage").at(-1)?.inputs?.deployment;
}

describe("A roll-back in the Pulumi engine", function () {
  this.timeout(900_000);
  let program: EngineProgram;
  let first: unknown;
  let second: unknown;

  before(function () {
    skipWithoutEngine(this);
    program = new EngineProgram("test");
    program.configure((config, services) => {
      config["gateway:services"] = services.slice(0, 1);
      delete config["gateway:keepAlive"];
    });
  });
  after(() => program?.remove());

  const up = async () => {
    const { code, output, operations } = await program.run("up", { args: ["--skip-preview"] });
    assert.equal(code, 0, output);
    return operations;
  };
  const pin = (deployment: unknown) =>
    program.configure((_config, [service]) => {
      if (service === undefined) throw new Error("the stack has no service");
      if (deployment === undefined) delete service.deployment;
      else service.deployment = deployment;
    });

  it("keeps earlier deployments: a new one deletes none", async () => {
    const made = await up();
    first = made.find(({ type }) => type === "aws:apigateway/deployment:Deployment")?.id;
    assert.equal(served(made), first);
    const description = made.find(({ id }) => id === first)?.inputs?.description;
    assert.match(String(description), /^definition [0-9a-f]{64}/);
    program.configure((_config, [service]) => {
      if (service) service.timeoutMs = { default: 12_000 };
    });
    const changed = await up();
    second = changed.find(
      ({ op, type }) => op === "create" && type === "aws:apigateway/deployment:Deployment",
    )?.id;
    assert.ok(second && second !== first);
    assert.equal(served(changed), second);
    assert.deepEqual(
      brief(changed).filter((line) => line.startsWith("delete")),
      [],
    );
  });

  it("moves the API stage alone, and back again without the pin", async () => {
    pin(first);
    const back = await up();
    assert.deepEqual(brief(back), ["update Stage uuid-api-stage"]);
    assert.equal(served(back), first);
    pin(undefined);
    const forward = await up();
    assert.deepEqual(brief(forward), ["update Stage uuid-api-stage"]);
    assert.equal(served(forward), second);
  });
});
