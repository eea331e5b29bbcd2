import assert from "node:assert/strict";
import { brief, EngineProgram, skipWithoutEngine } from "../../../engine/engine";

type Backend = { psc: Record<string, unknown> };

describe("The stage's own PSC proxies in the real engine", function () {
  this.timeout(300_000);
  let program: EngineProgram;
  before(function () {
    skipWithoutEngine(this);
    program = new EngineProgram("dev");
    program.configure((_config, services) => {
      for (const service of services) {
        const { psc } = service.backend as Partial<Backend>;
        if (psc) service.backend = { psc: { ...psc, proxy: undefined, addresses: ["192.0.2.0/25"] } };
      }
    });
  });
  after(() => program?.remove());

  const limit = (maxBodyMb: number) =>
    program.configure((_config, services) => {
      const ingest = services.find(({ name }) => name === "ingest-api");
      assert.ok(ingest);
      Object.assign((ingest.backend as Backend).psc, { maxBodyMb });
    });

  it("get another launch template when the configuration changes, and nothing is made anew", async () => {
    assert.equal((await program.run("up")).code, 0);
    limit(100);
    const { code, operations, output } = await program.run("up");
    assert.equal(code, 0, output);
    // AWS counts the template's versions up, which the group then refers to; the offline provider does not count.
    const expected = ["update LaunchTemplate dev-psc-template", "update Group dev-psc-proxies"];
    assert.deepEqual(brief(operations), expected.slice(0, operations.length));
    assert.ok(operations.length > 0);
  });

  it("are left alone when nothing changes", async () => {
    const { code, operations } = await program.run("up");
    assert.deepEqual([code, brief(operations)], [0, []]);
  });
});
