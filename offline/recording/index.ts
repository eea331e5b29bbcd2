import { fork } from "node:child_process";
import { join, resolve } from "node:path";
import { projectRoot, stacksRoot } from "../../lib/project-root";
import type { ProgramResult, ProgramRun } from "./program";
import type { Recording } from "./recorded";
import { readStack } from "./stack-file";

export type { RecordedResource, Recording } from "./recorded";

export interface RecordOptions {
  /** Folder with Pulumi.yaml, which says where the program is; default: the one that commands work on. */
  root?: string;
  /** Config keys that replace those of the stack file, e.g. `{ "gateway:services": [...] }`; undefined removes one. */
  settingsOverride?: Record<string, unknown>;
  /** Run as `pulumi preview` does: what AWS would return is unknown, and `apply` on it does not run. */
  preview?: boolean;
}

/** The program failed or refused its settings. Commands print the message and no stack trace. */
export class RecordingError extends Error {
  override name = "RecordingError";
}

/**
 * Runs the program for `stack` and returns what it declared.
 *
 * Each run is a separate process: the program is loaded fresh, runs share no state, and a process that serves a
 * recording does not hold Pulumi in memory.
 *
 * @throws FindingsError for a stack file that is not valid YAML; UserError for a stack without a file; RecordingError
 * when the settings are refused, a resource is declared twice or is not supported, or the program fails
 */
export async function record(stack: string, options: RecordOptions = {}): Promise<Recording> {
  const root = resolve(options.root ?? stacksRoot());
  const file = readStack(root, stack, options.settingsOverride);
  const program: ProgramRun = { root, stack, ...file, preview: options.preview ?? false };
  const { result, log } = await run(program);
  if (!result) throw new RecordingError(`The program stopped before it had finished.\n${log.join("\n")}`);
  if ("errors" in result) throw new RecordingError(result.errors.join("\n"));
  const resources = result.resources.map((resource) => {
    const { id, inputs, outputs } = resource;
    return id === "" ? resource : { ...resource, outputs: { ...inputs, ...outputs } };
  });
  return { stack, ...result, resources, log };
}

function run(program: ProgramRun): Promise<{ result?: ProgramResult; log: string[] }> {
  const child = fork(resolve(__dirname, "program.ts"), [], {
    cwd: program.root,
    execArgv: ["-r", join(projectRoot, "lib/typescript.js")],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: programEnvironment(program),
  });
  return new Promise((settle, reject) => {
    let result: ProgramResult | undefined;
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("message", (message) => {
      result = message as ProgramResult;
    });
    child.on("error", reject);
    child.on("close", () => {
      settle({ result, log: Buffer.concat(output).toString().split("\n").filter(Boolean) });
    });
    child.send(program);
  });
}

/**
 * The environment that Pulumi's Node.js language host gives a program. `AWS_` variables, credentials among them, are
 * left out: a recording must be the same on every machine and must never reach AWS.
 */
function programEnvironment({ root, project, stack, config, secretKeys }: ProgramRun): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|PULUMI)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PULUMI_NODEJS_PROJECT: project,
    PULUMI_NODEJS_ROOT_DIRECTORY: root,
    PULUMI_NODEJS_STACK: stack,
    PULUMI_NODEJS_ORGANIZATION: "organization",
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
  };
}
