/**
 * The process a recording is made in: runs the Pulumi program as Pulumi's language host would, against a
 * monitor that writes down instead of creating.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Recording } from ".";
import { loadLazily } from "./lazy-modules";
import { RecordingMonitor } from "./monitor";

export interface ProgramOrder {
  root: string;
  project: string;
  stack: string;
  config: Record<string, string>;
  secretKeys: string[];
  preview: boolean;
}

export type ProgramAnswer = Pick<Recording, "resources" | "invokes" | "outputs"> | { errors: string[] };

loadLazily();
// Pulumi takes a stack trace for every promise it makes; mapping each to its TypeScript is a fifth of a recording.
process.setSourceMapsEnabled(process.env.DEBUG !== undefined);

process.once("message", async (order: ProgramOrder) => {
  const errors: unknown[] = [];
  process.on("uncaughtException", (error) => errors.push(error));
  process.on("unhandledRejection", (error) => errors.push(error));
  // The program's own Pulumi: another copy would keep another registry.
  const programRequire = createRequire(join(order.root, "package.json"));
  const monitor = createMonitor(order, programRequire);
  // A refused registration leaves promises that nothing settles any more: the event loop may run empty over them.
  process.once("beforeExit", () => {
    errors.push("The program waits for something that never comes.");
    answer(undefined);
  });
  try {
    const outputs = await run(order, programRequire, monitor);
    // A rejected registration is reported on a later turn of the event loop than the one that awaits it.
    await new Promise((done) => setImmediate(done));
    answer(outputs);
  } catch (error) {
    errors.push(error);
    await new Promise((done) => setImmediate(done));
    answer(undefined);
  }

  function answer(outputs: unknown): void {
    // What the monitor refused comes back through Pulumi too, wrapped or emptied.
    const problems = monitor.refusals.length > 0 ? [...new Set(monitor.refusals)] : messages(errors);
    const message: ProgramAnswer =
      problems.length > 0
        ? { errors: problems }
        : {
            resources: monitor.resources,
            invokes: monitor.invokes,
            outputs: monitor.outputs ?? (outputs as Recording["outputs"]) ?? {},
          };
    process.send?.(message, () => process.exit(0));
  }
});

function createMonitor(order: ProgramOrder, programRequire: NodeJS.Require): RecordingMonitor {
  const { Struct } = createRequire(programRequire.resolve("@pulumi/pulumi"))(
    "google-protobuf/google/protobuf/struct_pb.js",
  );
  return new RecordingMonitor({
    ...order,
    region: order.config["aws:region"] ?? "us-east-1",
    struct: (value) => Struct.fromJavaScript(value),
  });
}

async function run(
  order: ProgramOrder,
  programRequire: NodeJS.Require,
  monitor: RecordingMonitor,
): Promise<unknown> {
  const { runtime } = programRequire("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
  const settings: typeof import("@pulumi/pulumi/runtime/settings") = programRequire(
    "@pulumi/pulumi/runtime/settings",
  );
  const { project, stack, preview } = order;
  await runtime.setMocks({ call: refuse, newResource: refuse }, project, stack, preview, "organization");
  settings.setMockOptions(monitor, project, stack, preview, "organization");
  const outputs = await runtime.runInPulumiStack(async () => {
    const program = programRequire(order.root);
    return typeof program === "function" ? await program() : program;
  });
  await runtime.disconnect();
  return outputs;
}

/** The public mocks never see a call: the monitor that replaces them keeps what they drop (parents, options). */
function refuse(): never {
  throw new Error("a recording does not use Pulumi's own mock monitor");
}

/** One text per distinct problem. An error that nobody foresaw says how to see where it comes from. */
function messages(errors: unknown[]): string[] {
  const texts = errors.map((error) => {
    if (!(error instanceof Error)) return String(error);
    if (process.env.DEBUG) return error.stack ?? error.message;
    return unforeseen.includes(error.name) ? `${error.message} (DEBUG=1 shows where)` : error.message;
  });
  return [...new Set(texts)];
}

const unforeseen = ["TypeError", "ReferenceError", "RangeError", "SyntaxError", "AssertionError"];
