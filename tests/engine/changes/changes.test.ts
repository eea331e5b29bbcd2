import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { brief, EngineProgram, type Run, skipWithoutEngine, withoutCheckpoints } from "../engine";
import type { Surroundings } from "../traffic/obstacle";
import { pass, type Walk, walk } from "../traffic/walk";
import { World } from "../traffic/world";
import { type Change, domain, type Edit } from "./change";
import { assertOperations, assertOrder } from "./operations";
import { changes } from "./table";

const surroundings: Surroundings = {
  backends: {
    [domain("ids-api")]: ["i-0a000000000000001", "i-0a000000000000009", "ids-api"],
    [domain("docs-api")]: ["i-0a000000000000002"],
    [domain("files-api")]: ["files-api"],
  },
  dns: {
    "files.partner.example.net": "198.51.100.10",
    "ids.partner.example.net": "203.0.113.10",
    "new.partner.example.net": "203.0.113.130",
  },
};

function assertCallers(change: Change, { effects, outages, cuts, gone, added }: Walk): void {
  const reasons = [...outages.map(({ reason }) => reason), ...cuts];
  const expected = Object.fromEntries(
    Object.keys(effects).map((name) => [name, change.effects?.[name.split(".")[0] as string] ?? "nothing"]),
  );
  assert.deepEqual(
    { effects, gone, added },
    { effects: expected, gone: change.gone ?? [], added: change.added ?? [] },
    JSON.stringify(reasons),
  );
  assert.equal(reasons.length > 0, change.because !== undefined, JSON.stringify(reasons));
  for (const reason of reasons) assert.match(reason, change.because as RegExp);
  for (const { api, until, reason } of outages) {
    assert.equal(until === undefined, change.lasting ?? false, `${api} until ${until}: ${reason}`);
  }
}

describe("In the real engine, a stage that carries traffic", function () {
  this.timeout(600_000);
  let program: EngineProgram;
  let world: World;
  let restore: () => void;

  before(async function () {
    skipWithoutEngine(this);
    program = new EngineProgram("changes", join(projectRoot, "tests/fixtures/engine"));
    const run = await succeeds();
    world = worldAfter(new World(), run);
    restore = program.snapshot();
  });
  afterEach(() => restore?.());
  after(() => program?.remove());

  const up = () => program.run("up", { args: ["--skip-preview"], env: withoutCheckpoints });
  async function succeeds(): Promise<Run> {
    const run = await up();
    assert.equal(run.code, 0, run.output.slice(-4000));
    return run;
  }

  /** The world after a run, when time has passed. */
  function worldAfter(start: World, { log }: Run): World {
    const end = start.clone();
    for (const operation of log) end.apply(operation);
    pass(end);
    pass(end);
    return end;
  }

  it("serves every API", () => {
    const { effects } = walk(world, [], surroundings);
    assert.deepEqual(effects, {
      [domain("docs-api")]: "nothing",
      [domain("files-api")]: "nothing",
      [domain("ids-api")]: "nothing",
    });
  });

  for (const change of changes) {
    it(`${change.what}: ${change.callers}`, async () => {
      let start = world;
      const apply = (edit: Edit) =>
        program.configure((config, services) => edit(config, services, { program, world: start }));
      for (const edit of change.before ?? []) {
        apply(edit);
        start = worldAfter(start, await succeeds());
      }
      apply(change.edit);
      if (change.fails) {
        const run = await up();
        assert.notEqual(run.code, 0);
        assert.match(run.output, change.fails);
        return;
      }
      const run = await succeeds();
      const operations = brief(run.operations);
      assertOperations(change, operations);
      assertOrder(change, operations);
      assertCallers(change, walk(start, run.log, surroundings));
    });
  }
});
