/**
 * The child process of a recording: runs the Pulumi program as Pulumi's language host would, against a monitor that
 * records resources instead of creating them.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadLazily } from "./lazy-modules";
import { RecordingMonitor } from "./monitor";
import type { RecordedResource, Recording } from "./recorded";
import type { StackFile } from "./stack-file";

export interface ProgramRun extends StackFile {
  /** Folder of Pulumi.yaml */
  root: string;
  stack: string;
  preview: boolean;
}

export type ProgramResult = Pick<Recording, "resources" | "invokes" | "outputs"> | { errors: string[] };

loadLazily();
// Pulumi captures a stack trace for each promise; mapping them to TypeScript takes a fifth of a recording's time.
process.setSourceMapsEnabled(process.env.DEBUG !== undefined);

process.once("message", async (program: ProgramRun) => {
  const errors: unknown[] = [];
  process.on("uncaughtException", (error) => errors.push(error));
  process.on("unhandledRejection", (error) => errors.push(error));
  // The program's copy of Pulumi, because each copy has its own registry.
  const programRequire = createRequire(join(program.main, "package.json"));
  const monitor = createMonitor(program, programRequire);
  // A refused registration leaves promises that never settle, so the event loop may run empty.
  process.once("beforeExit", () => {
    errors.push("The program waits for a promise that never settles.");
    send(undefined);
  });
  try {
    const outputs = await run(program, programRequire, monitor);
    // A rejected registration is reported on a later turn of the event loop than the one that awaits it.
    await new Promise((done) => setImmediate(done));
    send(outputs);
  } catch (error) {
    errors.push(error);
    await new Promise((done) => setImmediate(done));
    send(undefined);
  }

  function send(outputs: unknown): void {
    // Pulumi reports the monitor's refusals as well, but wrapped or without their text.
    const problems = monitor.refusals.length > 0 ? [...new Set(monitor.refusals)] : messages(errors);
    const message: ProgramResult =
      problems.length > 0
        ? { errors: problems }
        : {
            resources: monitor.resources.map(withoutInputs),
            invokes: monitor.invokes,
            outputs: monitor.outputs ?? (outputs as Recording["outputs"]) ?? {},
          };
    process.send?.(message, () => process.exit(0));
  }
});

/** Outputs repeat the inputs, API definitions among them; the parent process adds them again. */
function withoutInputs(resource: RecordedResource): RecordedResource {
  const { id, inputs, outputs } = resource;
  if (id === "") return resource;
  const added = Object.entries(outputs).filter(([key, value]) => value !== inputs[key]);
  return { ...resource, outputs: Object.fromEntries(added) };
}

function createMonitor(program: ProgramRun, programRequire: NodeJS.Require): RecordingMonitor {
  const { Struct } = createRequire(programRequire.resolve("@pulumi/pulumi"))(
    "google-protobuf/google/protobuf/struct_pb.js",
  );
  return new RecordingMonitor({
    ...program,
    region: program.config["aws:region"] ?? "us-east-1",
    struct: (value) => Struct.fromJavaScript(value),
  });
}

async function run(
  program: ProgramRun,
  programRequire: NodeJS.Require,
  monitor: RecordingMonitor,
): Promise<unknown> {
  const { runtime } = programRequire("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
  const settings: typeof import("@pulumi/pulumi/runtime/settings") = programRequire(
    "@pulumi/pulumi/runtime/settings",
  );
  const { project, stack, preview } = program;
  await runtime.setMocks({ call: refuse, newResource: refuse }, project, stack, preview, "organization");
  settings.setMockOptions(monitor, project, stack, preview, "organization");
  const outputs = await runtime.runInPulumiStack(async () => {
    const entry = programRequire(program.main);
    return typeof entry === "function" ? await entry() : entry;
  });
  await runtime.disconnect();
  return outputs;
}

/** Pulumi's mocks drop parents and options, so the recording monitor replaces them and they are never called. */
function refuse(): never {
  throw new Error("a recording does not use Pulumi's own mock monitor");
}

/** One text per distinct problem; a programming error adds how to get its stack trace. */
function messages(errors: unknown[]): string[] {
  const texts = errors.map((error) => {
    if (!(error instanceof Error)) return String(error);
    if (process.env.DEBUG) return error.stack ?? error.message;
    return programmingErrors.includes(error.name) ? `${error.message} (DEBUG=1 shows where)` : error.message;
  });
  return [...new Set(texts)];
}

const programmingErrors = ["TypeError", "ReferenceError", "RangeError", "SyntaxError", "AssertionError"];
