/**
 * The runtime inside a worker thread: loads the handler and runs invocations. It is compiled separately and imports
 * nothing of the project, so that a function sees what it would see in Lambda and nothing else.
 */
import { Module } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/** What the worker is started with. */
export interface WorkerSettings {
  /** File with the handler. */
  file: string;
  /** Name of its export. */
  exportName: string;
  functionName: string;
  memoryMb: number;
  region: string;
  accountId: string;
  /** Whether to send the function's output to the main thread. */
  captureLogs: boolean;
}

/** Main thread to worker. */
export type Invocation = [id: number, event: string, deadline: number];
/** Worker to main thread: a result, or output of the function. */
export type Reply =
  | { id: number; result: string }
  | { id: number; error: { errorType: string; errorMessage: string; trace?: string[] } }
  | { log: string };

type Handler = (
  event: unknown,
  context: object,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

const port = parentPort as NonNullable<typeof parentPort>;
const settings = workerData as WorkerSettings;
const reply = (message: Reply) => port.postMessage(message);

captureOutput();
let loaded: { handler: Handler } | { error: unknown } | undefined;
port.on("message", ([id, event, deadline]: Invocation) => {
  loaded ??= load();
  if ("error" in loaded) return reply({ id, error: describe(loaded.error) });
  run(loaded.handler, JSON.parse(event), contextOf(deadline)).then(
    (result) => {
      let text: string | undefined;
      try {
        text = JSON.stringify(result === undefined ? null : result);
      } catch (error) {
        return reply({
          id,
          error: { errorType: "Runtime.MarshalError", errorMessage: describe(error).errorMessage },
        });
      }
      reply({ id, result: text ?? "null" });
    },
    (error: unknown) => reply({ id, error: describe(error) }),
  );
});

function load(): { handler: Handler } | { error: unknown } {
  try {
    // NODE_PATH has the packages of the layers and the runtime; Node.js reads it only at start.
    (Module as unknown as { _initPaths(): void })._initPaths();
    const handler = (require(settings.file) as Record<string, unknown>)[settings.exportName];
    if (typeof handler === "function") return { handler: handler as Handler };
    const error = new Error(`${settings.file.split("/").pop()} exports no function ${settings.exportName}`);
    error.name = "Runtime.HandlerNotFound";
    return { error };
  } catch (error) {
    return { error };
  }
}

/** Runs an async handler, or one that takes a callback. */
function run(handler: Handler, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (result instanceof Promise || handler.length < 3) resolve(result);
  });
}

function contextOf(deadline: number): object {
  const { functionName, memoryMb, region, accountId } = settings;
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: crypto.randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** An error as Lambda reports it. */
function describe(error: unknown): { errorType: string; errorMessage: string; trace?: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    ...(error.stack ? { trace: error.stack.split("\n") } : {}),
  };
}

/** The function's output goes to the main thread as text or is dropped; it never uses the two streams. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      if (settings.captureLogs)
        reply({ log: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    }) as typeof stream.write;
  }
}
