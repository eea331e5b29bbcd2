import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../lib/project-root";
import { fixtures } from "../support/fixtures";
import { FakeLoadBalancing } from "./fake-load-balancing";

const harness = resolve(projectRoot, "../shared/engine/run.sh");
const parts = [
  "index.ts",
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.pulumi.json",
];
const folders = ["stacks", "components", "openapi", "functions", "lib", "dist"];

/** Why the real engine cannot be run here; undefined when it can. `ENGINE_BIN` names a folder of its programs. */
function missing(): string | undefined {
  if (!existsSync(harness)) return "../shared/engine/run.sh is not there";
  const path = [process.env.ENGINE_BIN, process.env.PATH].filter(Boolean).join(":");
  const found = spawnSync("pulumi", ["version"], { env: { ...process.env, PATH: path } });
  return found.error ? "pulumi is not on the PATH (nor in ENGINE_BIN)" : undefined;
}

/** For a `before`: skips its tests where the real engine cannot be run, and says why. */
export function skipWithoutEngine(context: Mocha.Context): void {
  const reason = missing();
  if (!reason) return;
  console.log(`    skipped: ${reason}`);
  context.skip();
}

/** For runs that nothing interrupts: the state is written once, at the end, instead of after each step. */
export const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** One thing that the provider was asked to do. */
export interface Operation {
  op: string;
  type: string;
  name: string;
  inputs?: Record<string, unknown>;
  id?: string;
  /** Of an `invoke`: what was asked and what the provider answered. */
  args?: Record<string, unknown>;
  answer?: Record<string, unknown>;
}

export interface Run {
  code: number;
  output: string;
  /** Creations, updates and deletions, in order. */
  operations: Operation[];
  /** These, the data sources that were read, and when time passed until new targets were healthy. */
  log: Operation[];
}

type Config = Record<string, unknown>;

/** A copy of the program whose stack file and specs a test may change, run by the real Pulumi engine without AWS. */
export class EngineProgram {
  readonly dir = mkdtempSync(join(tmpdir(), "gateway-engine-"));
  readonly #runs = `${this.dir}-run`;
  readonly #state = join(this.#runs, "state");

  /** @param from folder of the stack file and of `specs/` */
  constructor(
    readonly stack: string,
    from = fixtures,
  ) {
    const copy = (folder: string, part: string) => {
      const source = join(folder, part);
      if (existsSync(source)) cpSync(source, join(this.dir, part), { recursive: true });
    };
    for (const part of [...parts, ...folders]) copy(projectRoot, part);
    for (const part of [`Pulumi.${stack}.yaml`, "specs"]) copy(from, part);
  }

  /** Pulumi's state file. */
  get state(): string {
    return join(this.#state, ".pulumi/stacks/gateway", `${this.stack}.json`);
  }

  /** Keeps the settings, the specs and Pulumi's state as they are; the function it returns brings them back. */
  snapshot(): () => void {
    const kept = mkdtempSync(join(this.#runs, "snapshot-"));
    const pairs = [`Pulumi.${this.stack}.yaml`, "specs"].map((part) => [
      join(this.dir, part),
      join(kept, part),
    ]);
    pairs.push([this.#state, join(kept, "state")]);
    for (const [path, copy] of pairs as [string, string][]) cpSync(path, copy, { recursive: true });
    return () => {
      for (const [path, copy] of pairs as [string, string][]) {
        rmSync(path, { recursive: true });
        cpSync(copy, path, { recursive: true });
      }
    };
  }

  /** Changes the stack's configuration; keys are given without `gateway:`. */
  configure(change: (config: Config, services: Config[]) => void): void {
    const file = join(this.dir, `Pulumi.${this.stack}.yaml`);
    const document = parse(readFileSync(file, "utf8")) as { config: Config };
    change(document.config, document.config["gateway:services"] as Config[]);
    writeFileSync(file, stringify(document));
  }

  /** Changes the text of a spec. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.dir, file);
    const text = readFileSync(path, "utf8");
    const changed = change(text);
    assert.notEqual(changed, text, `the edit of ${file} changes nothing`);
    writeFileSync(path, changed);
  }

  async run(
    operation: "preview" | "up" | "refresh" | "destroy",
    options: {
      args?: string[];
      fail?: string;
      env?: Record<string, string>;
      /** Kills the engine and everything it started as soon as the provider has logged such an operation. */
      killAfter?(operation: Operation): boolean;
    } = {},
  ): Promise<Run> {
    const log = join(this.#runs, "log");
    rmSync(log, { force: true });
    mkdirSync(this.#state, { recursive: true });
    const loadBalancing = new FakeLoadBalancing(this.state, log);
    const endpoint = await loadBalancing.start();
    const child = spawn(harness, [this.dir, this.stack, operation, ...(options.args ?? [])], {
      env: {
        ...process.env,
        ENGINE_NODE_MODULES: join(projectRoot, "node_modules"),
        ENGINE_TMP: this.#runs,
        ENGINE_STATE: this.#state,
        OFFLINE_AWS_LOG: log,
        OFFLINE_AWS_QUOTAS: "1",
        PULUMI_ERROR_OUTPUT_STRING: "true",
        ...endpoint,
        ...(options.fail ? { OFFLINE_AWS_FAIL: options.fail } : {}),
        ...options.env,
      },
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    const { killAfter } = options;
    const timer = setInterval(() => {
      if (killAfter && readLog(log).operations.some(killAfter)) killTree(child.pid);
    }, 20);
    if (!killAfter) clearInterval(timer);
    const code = await new Promise<number>((done, reject) => {
      child.on("error", reject);
      child.on("close", (status) => done(status ?? 1));
    }).finally(() => {
      clearInterval(timer);
      loadBalancing.stop();
    });
    // A killed engine leaves its lock; `pulumi cancel` removes it.
    if (killAfter) rmSync(join(this.#state, ".pulumi/locks"), { recursive: true, force: true });
    return { code, output: Buffer.concat(output).toString(), ...readLog(log) };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.#runs, { recursive: true, force: true });
  }
}

/** The names of resources whose creation was under way when the engine was killed, as Pulumi's state has them. */
export function pendingCreates({ state }: EngineProgram): string[] {
  const { checkpoint } = JSON.parse(readFileSync(state, "utf8")) as {
    checkpoint: { latest?: { pending_operations?: { resource: { urn: string }; type: string }[] } };
  };
  return (checkpoint.latest?.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource.urn.split("::").pop() as string);
}

/** Plugins are not in the engine's process group. */
function killTree(root: number | undefined): void {
  if (root === undefined) return;
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const parents = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (pid: number): number[] => [
    pid,
    ...parents.flatMap(([child, parent]) => (parent === pid ? below(child) : [])),
  ];
  for (const pid of below(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

type Invoke = (
  token: string,
  args: Record<string, unknown>,
  context: { region: string },
) => Record<string, unknown>;

/** The log holds what data sources were asked; the provider's answers follow from that alone. */
function readLog(log: string): Pick<Run, "operations" | "log"> {
  if (!existsSync(log)) return { operations: [], log: [] };
  const { invoke } = createRequire(harness)("./offline-aws/invokes.js") as { invoke: Invoke };
  const all = readFileSync(log, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Operation)
    .filter(({ op }) => ["create", "update", "delete", "invoke", "wait"].includes(op))
    .map((operation) =>
      operation.op === "invoke"
        ? { ...operation, answer: invoke(operation.type, operation.args ?? {}, { region: "us-east-1" }) }
        : operation,
    );
  return { log: all, operations: all.filter(({ op }) => ["create", "update", "delete"].includes(op)) };
}

/** `create aws:lb/listener:Listener uuid-api-listener` → `create Listener uuid-api-listener` */
export function brief(operations: Operation[]): string[] {
  return operations.map(({ op, type, name }) => `${op} ${type.split(":").pop()} ${name}`);
}
