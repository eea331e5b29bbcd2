import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { brief, EngineProgram, skipWithoutEngine, withoutCheckpoints } from "../engine";
import { pass, walk } from "../traffic/walk";
import { World } from "../traffic/world";
import { type Config, zones } from "./change";

const apiOnPort = (port: number): Config => ({
  name: `api-${port}`,
  spec: "specs/docs.yaml",
  port,
  backend: { instances: ["i-0a000000000000001"] },
});

describe("In the real engine, the service that the first load balancer has no room for", function () {
  this.timeout(900_000);
  let program: EngineProgram;
  let world: World;

  before(async function () {
    skipWithoutEngine(this);
    program = new EngineProgram("changes", join(projectRoot, "tests/fixtures/engine"));
    program.configure((config) => {
      for (const [index, zone] of zones(config).entries()) {
        delete zone.address;
        zone.addresses = [`10.9.${index + 1}.10`, `10.9.${index + 1}.11`];
      }
      config["gateway:services"] = Array.from({ length: 45 }, (_, index) => apiOnPort(3000 + index));
    });
    world = new World();
    for (const operation of (await up()).log) world.apply(operation);
    pass(world);
  });
  after(() => program?.remove());

  async function up() {
    const run = await program.run("up", { args: ["--skip-preview"], env: withoutCheckpoints });
    assert.equal(run.code, 0, run.output.slice(-4000));
    return run;
  }

  it("gets a second one, and the 45 others stay as they are", async () => {
    program.configure((_, services) => services.push(apiOnPort(3999)));
    const run = await up();
    const operations = brief(run.operations);
    for (const kind of [
      "LoadBalancer changes-nlb-2",
      "VpcLink changes-nlb-2-link",
      "Listener changes-nlb-2-3999-listener",
    ]) {
      assert.ok(operations.includes(`create ${kind}`), kind);
    }
    assert.deepEqual(
      operations.filter((line) => !line.startsWith("create ")),
      [],
    );
    const { effects, outages, added } = walk(world, run.log);
    assert.deepEqual([outages, added], [[], ["api-3999.changes.example.org"]]);
    assert.equal(Object.keys(effects).length, 45);
    assert.deepEqual(new Set(Object.values(effects)), new Set(["nothing"]));
  });
});
