import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../../lib/project-root";
import { withContents } from "../../../offline/compare/assets";
import { CONSEQUENCES, type Consequence, consequencesOf } from "../../../offline/compare/consequences";
import type { Side } from "../../../offline/compare/plan-json";
import { compareResources } from "../../../offline/compare/resources";
import { readAccessSettings } from "../../../offline/compare/settings";
import { planOfRecording } from "../../../offline/plan";
import { record } from "../../../offline/recording";
import type { Change, Config, Edit, Standing } from "../../engine/changes/change";
import { changes } from "../../engine/changes/table";

const STACK = "changes";

/** The engine's example stage after edits of its settings. Edits of what AWS holds need the engine. */
async function sideAfter(edits: Edit[]) {
  const root = mkdtempSync(join(tmpdir(), "gateway-consequences-"));
  cpSync(join(projectRoot, "tests/fixtures/engine"), root, { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), `name: gateway\nmain: ${projectRoot}\nruntime: nodejs\n`);
  const file = join(root, `Pulumi.${STACK}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Config };
  for (const edit of edits) edit(config, config["gateway:services"] as Config[], {} as Standing);
  writeFileSync(file, stringify({ config }));
  const recording = await record(STACK, { root });
  const plan = planOfRecording(recording);
  const side: Side = {
    plan: { ...plan, resources: withContents(plan.resources, root) },
    settings: readAccessSettings(root, STACK),
  };
  rmSync(root, { recursive: true });
  return { side, recording };
}

let unchanged: ReturnType<typeof sideAfter> | undefined;

async function foretold({ before = [], edit }: Pick<Change, "before" | "edit">): Promise<Consequence[]> {
  unchanged ??= sideAfter([]);
  const base = await (before.length > 0 ? sideAfter(before) : unchanged);
  const head = await sideAfter([...before, edit]);
  const resources = compareResources(
    base.side.plan.resources,
    head.side.plan.resources,
    head.recording.resources,
  );
  return consequencesOf(base.side, head.side, resources);
}

/** Edits that ask for the engine's world or change a spec in its folder. */
const needsEngine = ({ before = [], edit }: Change) =>
  [...before, edit].some((one) => /standing|program|world|oldest|pin/i.test(`${one.name} ${one}`));

describe("The consequences that a comparison foretells", function () {
  this.timeout(60_000);
  const seen = new Set<string>();

  const offline = changes.filter((change) => !needsEngine(change) && !change.fails);
  const noticed = offline.filter(({ effects, gone }) => effects || gone);
  // Each takes a run of the program, so the changes that nobody notices are a sample.
  const unnoticed = offline
    .filter(({ effects, gone }) => !effects && !gone)
    .filter((_, index) => index % 5 === 0);

  it("are compared with changes that the engine runs, noticed and unnoticed", () => {
    assert.ok(noticed.length > 12 && unnoticed.length > 1, `${noticed.length} ${unnoticed.length}`);
  });

  for (const change of [...noticed, ...unnoticed]) {
    it(`are those of the engine: ${change.what}`, async () => {
      const found = await foretold(change);
      for (const { id } of found) seen.add(id);
      const effects = Object.fromEntries(
        found
          .filter(({ id, effect }) => /outage|drained|cut/.test(effect) && id !== "authorizer-cache")
          .flatMap(({ effect, for: names }) => names.map((name) => [name.split(".")[0], effect])),
      );
      assert.deepEqual(effects, change.effects ?? {});
      const gone = found.filter(({ effect }) => effect === "gone").flatMap((one) => one.for);
      assert.deepEqual(gone, change.gone ?? []);
    });
  }

  it("include cached answers that refuse callers when the authorizers' cache time is lowered to 0", async () => {
    const cache =
      (seconds: number): Edit =>
      (config) =>
        Object.assign(config, { "gateway:authorizerCacheSeconds": seconds });
    const found = await foretold({ before: [cache(300)], edit: cache(0) });
    assert.deepEqual(
      found.map(({ id, effect }) => [id, effect]),
      [["authorizer-cache", "cut"]],
    );
    seen.add("authorizer-cache");
  });

  it("include the refusal to delete what is protected, with the steps", async () => {
    const protect: Edit = (config) => Object.assign(config, { "gateway:protect": true });
    const remove: Edit = (_config, services) => services.splice(1, 1);
    const [refused] = (await foretold({ before: [protect], edit: remove })).filter(
      ({ effect }) => effect === "refused",
    );
    assert.deepEqual(refused?.for, ["docs-api.changes.example.org-domain"]);
    assert.match(refused?.steps ?? "", /gateway:protect: false/);
    seen.add("protected");
  });

  it("include the pinned deployment that may use a level which is removed", async () => {
    const pin: Edit = (_config, [ids]) => Object.assign(ids as object, { deployment: "abc123" });
    const remove: Edit = (config, [ids, , files]) => {
      Object.assign(ids as Config, { access: { rules: { "POST /ids": "read" } } });
      Object.assign(files as Config, { access: { rules: { "POST /files": "read" } } });
      config["gateway:levels"] = { read: { groups: ["readers"] } };
    };
    const [held, ...others] = (await foretold({ before: [pin], edit: remove })).filter(
      ({ id }) => id === "level-of-pin",
    );
    assert.deepEqual([held?.effect, held?.for, others], ["outage", ["ids-api (deployment abc123)"], []]);
    seen.add("level-of-pin");
  });

  it("come each from a change that was compared", () => {
    assert.deepEqual(Object.keys(CONSEQUENCES).sort(), [...seen].sort());
  });
});
