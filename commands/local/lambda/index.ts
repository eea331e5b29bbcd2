import * as fs from "node:fs";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { transformSync } from "esbuild";
import { extract } from "./extract";
import type { Invocation, Reply, WorkerSettings } from "./worker";

export interface LoadOptions {
  /** The function's name, as in its ARN. */
  name: string;
  /** Path of the function's zip. */
  archive: string;
  /** Paths of its layers' zips, in order. */
  layers: string[];
  /** `file.export`. */
  handler: string;
  /** The variables of the function resource; Lambda's reserved variables are added. */
  environment: Record<string, string>;
  timeoutSeconds: number;
  /** Default: 128, as Lambda's. */
  memoryMb?: number;
  /** Default: us-east-1. */
  region?: string;
  /** Default: 123456789012. */
  accountId?: string;
  /** AWS_ACCESS_KEY_ID and the other credential variables. Default: credentials without access. */
  credentials?: Record<string, string>;
  /** Receives the function's output. Default: it is dropped. */
  onLog?(text: string): void;
}

export interface LoadedFunction {
  /** Runs the handler. @throws LambdaError for what an invocation reports as `FunctionError` */
  invoke(event: unknown): Promise<unknown>;
  /** Ends the worker and removes its files. Running invocations fail. */
  close(): Promise<void>;
}

/** What Lambda reports when a function fails. */
export class LambdaError extends Error {
  override name = "LambdaError";
  constructor(
    readonly errorType: string,
    readonly errorMessage: string,
    readonly trace: string[] = [],
  ) {
    super(`${errorType}: ${errorMessage}`);
  }
}

/** Maximum response of a synchronous invocation, in bytes. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const largestResponse = 6 * 1024 * 1024;

/**
 * Loads a bundled function to run as in Lambda, in a worker thread that starts with the first invocation (a cold
 * start). Two differences from Lambda: one worker handles all concurrent invocations, where Lambda starts an instance
 * for each; and the Node.js version is that of this process.
 * @throws Error when an archive is missing or does not contain the handler's file
 */
export async function loadFunction(options: LoadOptions): Promise<LoadedFunction> {
  const [fileName = "", exportName = ""] = options.handler.split(/\.(?=[^.]*$)/);
  const sandbox = extract(options.archive, options.layers);
  const file = [".js", ".cjs"]
    .map((ext) => path.join(sandbox.task, fileName + ext))
    .find((it) => fs.existsSync(it));
  if (file === undefined) {
    sandbox.remove();
    throw new Error(`${options.archive} does not contain ${fileName}.js for the handler ${options.handler}`);
  }
  const settings: WorkerSettings = {
    file,
    exportName,
    functionName: options.name,
    memoryMb: options.memoryMb ?? 128,
    region: options.region ?? "us-east-1",
    accountId: options.accountId ?? "123456789012",
    captureLogs: options.onLog !== undefined,
  };
  const environment = { ...options.environment, ...reservedVariables(options, settings, sandbox) };
  return new WorkerFunction(options, settings, environment, sandbox.remove);
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: LambdaError): void;
  timer: NodeJS.Timeout;
}

/** A worker and its running invocations. */
interface Instance {
  worker: Worker;
  pending: Map<number, Pending>;
}

class WorkerFunction implements LoadedFunction {
  private instance: Instance | undefined;
  private readonly instances = new Set<Instance>();
  private nextId = 0;
  private closed = false;

  constructor(
    private readonly options: LoadOptions,
    private readonly settings: WorkerSettings,
    private readonly environment: Record<string, string>,
    private readonly removeFiles: () => void,
  ) {}

  invoke(event: unknown): Promise<unknown> {
    if (this.closed)
      return Promise.reject(new LambdaError("ResourceNotFoundException", "The function is closed"));
    this.instance ??= this.start();
    const instance = this.instance;
    const id = this.nextId++;
    const limit = this.options.timeoutSeconds * 1000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.timeOut(instance, id), limit);
      if (instance.pending.size === 0) instance.worker.ref();
      instance.pending.set(id, { resolve, reject, timer });
      const invocation: Invocation = [id, JSON.stringify(event) ?? "null", Date.now() + limit];
      instance.worker.postMessage(invocation);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.instances].map(({ worker }) => worker.terminate()));
    this.removeFiles();
  }

  private start(): Instance {
    const worker = new Worker(workerCode(), {
      eval: true,
      env: this.environment,
      workerData: this.settings,
      execArgv: [], // without the TypeScript loader that this process may have preloaded
      // V8's limit for the old generation approximates the function's memory.
      resourceLimits: { maxOldGenerationSizeMb: this.settings.memoryMb, maxYoungGenerationSizeMb: 4 },
    });
    const instance: Instance = { worker, pending: new Map() };
    this.instances.add(instance);
    worker.on("message", (reply: Reply) => this.receive(instance, reply));
    worker.on("error", (error) => this.fail(instance, new LambdaError("Runtime.ExitError", error.message)));
    worker.on("exit", (code) => {
      this.instances.delete(instance);
      this.fail(instance, new LambdaError("Runtime.ExitError", `Runtime exited with status ${code}`));
    });
    worker.unref();
    return instance;
  }

  private receive(instance: Instance, reply: Reply): void {
    if ("log" in reply) {
      this.options.onLog?.(reply.log);
      return;
    }
    const pending = instance.pending.get(reply.id);
    if (pending === undefined) return;
    this.settle(instance, reply.id, pending);
    if ("error" in reply) {
      const { errorType, errorMessage, trace } = reply.error;
      pending.reject(new LambdaError(errorType, errorMessage, trace));
    } else if (reply.result.length > largestResponse) {
      pending.reject(
        new LambdaError(
          "Function.ResponseSizeTooLarge",
          "Response payload size exceeded maximum allowed size",
        ),
      );
    } else {
      pending.resolve(JSON.parse(reply.result));
    }
  }

  /** As in Lambda the instance ends, and the next invocation is a cold start. */
  private timeOut(instance: Instance, id: number): void {
    const pending = instance.pending.get(id);
    if (pending === undefined) return;
    this.settle(instance, id, pending);
    if (this.instance === instance) this.instance = undefined;
    const seconds = this.options.timeoutSeconds.toFixed(2);
    pending.reject(new LambdaError("Sandbox.Timedout", `Task timed out after ${seconds} seconds`));
    if (instance.pending.size === 0) void instance.worker.terminate();
  }

  private fail(instance: Instance, error: LambdaError): void {
    if (this.instance === instance) this.instance = undefined;
    for (const [id, pending] of instance.pending) {
      this.settle(instance, id, pending);
      pending.reject(error);
    }
  }

  private settle(instance: Instance, id: number, pending: Pending): void {
    clearTimeout(pending.timer);
    instance.pending.delete(id);
    if (instance.pending.size > 0) return;
    // An idle worker does not keep the process alive; one that timed out is no longer needed.
    instance.worker.unref();
    if (this.instance !== instance) void instance.worker.terminate();
  }
}

/**
 * Lambda's reserved variables, with credentials that give no access by default.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
function reservedVariables(
  options: LoadOptions,
  settings: WorkerSettings,
  sandbox: { task: string; nodePath: string },
): Record<string, string> {
  return {
    _HANDLER: options.handler,
    AWS_DEFAULT_REGION: settings.region,
    AWS_REGION: settings.region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    AWS_LAMBDA_FUNCTION_NAME: options.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${options.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    ...(options.credentials ?? localCredentials),
    // Not in Lambda: this process's Node.js may be older than the SDK's next version requires.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    LAMBDA_TASK_ROOT: sandbox.task,
    LANG: "en_US.UTF-8",
    NODE_PATH: sandbox.nodePath,
    PATH: "/usr/local/bin:/usr/bin/:/bin",
    TZ: ":UTC",
  };
}

const localCredentials = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_SESSION_TOKEN: "local",
};

let compiled: string | undefined;

function workerCode(): string {
  compiled ??= transformSync(fs.readFileSync(path.join(__dirname, "worker.ts"), "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
  }).code;
  return compiled;
}
