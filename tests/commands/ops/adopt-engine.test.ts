import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptGateway } from "../../../commands/ops/adopt/adopt";
import type { ImportEntry } from "../../../commands/ops/adopt/import-file";
import { withAutomaticNames } from "../../../commands/ops/adopt/state";
import { projectRoot } from "../../../lib/project-root";
import { type Recording, record } from "../../../offline/recording";
import { EngineProgram, skipWithoutEngine } from "../../engine/engine";
import { recorded } from "../../support/fixtures";
import { inventory } from "./inventory";

interface State {
  deployment: { resources: { urn: string; type: string; id?: string; inputs?: object; outputs?: object }[] };
}
interface Step {
  op: string;
  urn: string;
}

/**
 * The offline provider cannot read what stands in AWS, so between the import and the preview the test puts into the state what a
 * read would have found: the program's own inputs, with the names and ids of the old gateway.
 */
function asRead(text: string, { resources }: Recording): string {
  const state = JSON.parse(text) as State;
  const recorded = new Map(resources.map((resource) => [resource.urn, resource]));
  const imported = state.deployment.resources.filter(({ urn, id }) => id && recorded.has(urn));
  const ids = imported.flatMap(({ urn, id = "" }) => {
    const { id: made = "", outputs } = recorded.get(urn) ?? {};
    return [made, outputs?.arn]
      .filter((old) => typeof old === "string")
      .map((old) => [old as string, id] as const);
  });
  for (const resource of imported) {
    const text = JSON.stringify(recorded.get(resource.urn)?.inputs);
    const inputs = JSON.parse(ids.reduce((given, [old, id]) => given.replaceAll(old, id), text));
    const kind = resource.type.split(":").pop() ?? "";
    if (["TargetGroup", "LoadBalancer", "IpSet", "WebAcl", "VpcLink"].includes(kind))
      inputs.name = "old-name";
    resource.inputs = { ...inputs, __defaults: [] };
    const arn = resource.id?.startsWith("arn:") ? { arn: resource.id } : {};
    resource.outputs = { ...resource.outputs, ...inputs, ...arn };
  }
  return JSON.stringify(state);
}

describe("An adopted gateway in the Pulumi engine", function () {
  this.timeout(600_000);
  let program: EngineProgram;
  let folder: string;
  let adopted: Recording;
  let entries: ImportEntry[];

  before(async function () {
    skipWithoutEngine(this);
    folder = mkdtempSync(join(tmpdir(), "gateway-inventory-"));
    const { resources } = await recorded("dev");
    writeFileSync(
      join(folder, "uuid.json"),
      String(resources.find(({ name }) => name === "uuid-api-api")?.inputs.body),
    );
    writeFileSync(join(folder, "gateway.json"), JSON.stringify(inventory()));
    const { files } = await adoptGateway(projectRoot, join(folder, "gateway.json"));
    program = new EngineProgram("dev");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(program.dir, name), text);
    entries = (JSON.parse(files["import.json"] ?? "") as { resources: ImportEntry[] }).resources;
    execFileSync("ln", ["-s", join(projectRoot, "node_modules"), join(program.dir, "node_modules")]);
    adopted = await record("dev", { root: program.dir });
    rmSync(join(program.dir, "node_modules"));
  });
  after(() => {
    program?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The harness left its copy of the program, its state and its plugins where `pulumi` can be run on them again. */
  function pulumi(args: string[]): { status: number | null; stdout: string; stderr: string } {
    const run = `${program.dir}-run`;
    const base = join(run, readdirSync(run)[0] ?? "");
    const copy = join(base, "copy-dev");
    return spawnSync("pulumi", [...args, "--stack", "dev"], {
      cwd: copy,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: [process.env.ENGINE_BIN, process.env.PATH].filter(Boolean).join(":"),
        PULUMI_HOME: join(base, "home"),
        PULUMI_BACKEND_URL: `file://${join(base, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "offline",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        OFFLINE_AWS_MODULES: join(copy, "node_modules"),
        OFFLINE_AWS_STATE: join(base, "state/.pulumi/stacks/gateway/dev.json"),
      },
    });
  }

  it("is imported under the names, types and parents that the engine itself uses", async () => {
    const file = join(folder, "engine.json");
    const { code, output } = await program.run("preview", { args: ["--import-file", file] });
    assert.equal(code, 0, output);
    const asked = (JSON.parse(readFileSync(file, "utf8")) as { resources: ImportEntry[] }).resources;
    const told = new Set(keys(asked));
    assert.deepEqual(
      keys(entries).filter((key) => !told.has(key)),
      [],
    );
  });

  it("has nothing replaced or deleted by the first update, once its names are marked as auto-named", () => {
    const done = pulumi([
      "import",
      "--file",
      join(program.dir, "import.json"),
      "--yes",
      "--non-interactive",
      "--generate-code=false",
      "--protect=false",
    ]);
    assert.equal(done.status, 0, done.stdout + done.stderr);
    const read = asRead(pulumi(["stack", "export"]).stdout, adopted);
    const operations = (state: string) => {
      writeFileSync(join(folder, "state.json"), state);
      assert.equal(pulumi(["stack", "import", "--file", join(folder, "state.json")]).status, 0);
      const { stdout, stderr } = pulumi(["preview", "--non-interactive", "--json"]);
      const { steps } = JSON.parse(stdout || `{"steps":[],"error":${JSON.stringify(stderr)}}`) as {
        steps: Step[];
      };
      assert.ok(steps.length > 0, stderr);
      return steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);
    };
    const destructive = (all: string[]) => all.filter((step) => !/^(create|same|update) /.test(step));
    assert.notDeepEqual(
      destructive(operations(read)),
      [],
      "without the marks the names alone force replacements",
    );
    const marked = operations(withAutomaticNames(read).state);
    assert.deepEqual(destructive(marked), []);
    assert.deepEqual(marked.filter((step) => step.startsWith("update")).sort(), [
      "update dev-nlb",
      "update dev-web-acl",
      "update uuid-api-api",
      "update uuid-api-stage",
    ]);
  });
});

/** Type, own name, parent's type and name: what makes a URN. */
function keys(entries: ImportEntry[]): string[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const own = ({ type, name, logicalName }: ImportEntry) => `${type} ${logicalName ?? name}`;
  return entries.map((entry) => {
    const parent = entry.parent === undefined ? undefined : byName.get(entry.parent);
    return `${own(entry)} in ${parent ? own(parent) : "the stack"}`;
  });
}
