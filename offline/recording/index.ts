import { fork } from "node:child_process";
import { join, resolve } from "node:path";
import { projectRoot } from "../../lib/project-root";
import type { ProgramAnswer, ProgramOrder } from "./program";
import { readStack } from "./stack-file";

/** What one run of the program declared, without AWS, the Pulumi CLI or credentials. */
export interface Recording {
  stack: string;
  /** In the order of registration: a parent comes before its children. */
  resources: RecordedResource[];
  /** What the program asked the provider (`aws.ec2.getInstance` and the like). */
  invokes: RecordedInvoke[];
  /** The stack's outputs. */
  outputs: Record<string, unknown>;
  /** What the program printed, one line each. */
  log: string[];
}

export interface RecordedResource {
  urn: string;
  /** Type token, e.g. `aws:lb/listener:Listener`. */
  type: string;
  /** Logical name. */
  name: string;
  /** URN of the parent; absent for the stack itself. */
  parent?: string;
  /** Provider id (an ARN where AWS uses one); empty for components. */
  id: string;
  /** As the program gave them; a secret by its value, a file or archive as `{ path }`. */
  inputs: Record<string, unknown>;
  /** Inputs plus what AWS would add: ARNs, DNS names, ids. For components what they registered. */
  outputs: Record<string, unknown>;
  /** Resource options that decide how a replacement or a deletion goes. */
  options: RecordedOptions;
  /** Names of the inputs that hold a secret somewhere. */
  secrets: string[];
}

export interface RecordedOptions {
  dependsOn: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  customTimeouts?: { create?: string; update?: string; delete?: string };
}

export interface RecordedInvoke {
  /** Function token, e.g. `aws:ec2/getInstance:getInstance`. */
  token: string;
  args: Record<string, unknown>;
  result: Record<string, unknown>;
}

export interface RecordOptions {
  /** Folder that holds Pulumi.yaml and the program; default: this project. */
  root?: string;
  /** Config keys laid over those of the stack's file, e.g. `{ "gateway:services": [...] }`; undefined takes one away. */
  settingsOverride?: Record<string, unknown>;
  /** Run as `pulumi preview` does: what AWS would give is unknown and `apply` on it does not run. */
  preview?: boolean;
}

/** The program or the stack's settings refused to run; the message is for the person who must act. */
export class RecordingError extends Error {
  override name = "RecordingError";
  /** @param problems what is wrong in a file, where that is known place by place */
  constructor(
    message: string,
    readonly problems: Problem[] = [],
  ) {
    super(message);
  }
}

export interface Problem {
  /** `file:line:column` */
  where: string;
  message: string;
}

/**
 * Runs the program for `stack` and returns what it declared.
 *
 * Each run is a process of its own: the program is loaded fresh, two runs never meet, and whoever serves a
 * recording never holds Pulumi in memory.
 *
 * @throws RecordingError when settings are refused, a resource is declared twice or is unknown here, or the program fails.
 */
export async function record(stack: string, options: RecordOptions = {}): Promise<Recording> {
  const root = resolve(options.root ?? projectRoot);
  const { project, config, secretKeys } = readStack(root, stack, options.settingsOverride);
  const order: ProgramOrder = { root, project, stack, config, secretKeys, preview: options.preview ?? false };
  const { answer, log } = await run(order);
  if (!answer) {
    throw new RecordingError(`The program stopped before it had finished.\n${log.join("\n")}`);
  }
  if ("errors" in answer) {
    throw new RecordingError(answer.errors.join("\n"));
  }
  return { stack, ...answer, log };
}

function run(order: ProgramOrder): Promise<{ answer?: ProgramAnswer; log: string[] }> {
  const child = fork(resolve(__dirname, "program.ts"), [], {
    cwd: order.root,
    execArgv: ["-r", join(projectRoot, "lib/typescript.js")],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: programEnvironment(order),
  });
  return new Promise((settle, reject) => {
    let answer: ProgramAnswer | undefined;
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("message", (message) => {
      answer = message as ProgramAnswer;
    });
    child.on("error", reject);
    child.on("close", () => {
      const log = Buffer.concat(output).toString().split("\n").filter(Boolean);
      settle({ answer, log });
    });
    child.send(order);
  });
}

/**
 * The environment Pulumi's Node.js language host gives a program. Credentials and other `AWS_` variables stay
 * out: a recording must be the same on every machine and must never reach AWS.
 */
function programEnvironment(order: ProgramOrder): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|PULUMI)_/.test(name));
  return {
    ...Object.fromEntries(own),
    PULUMI_NODEJS_PROJECT: order.project,
    PULUMI_NODEJS_STACK: order.stack,
    PULUMI_NODEJS_ORGANIZATION: "organization",
    PULUMI_CONFIG: JSON.stringify(order.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(order.secretKeys),
  };
}
