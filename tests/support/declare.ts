import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import * as runtimeSettings from "@pulumi/pulumi/runtime/settings";
import type { RecordedResource } from "../../offline/recording";
import { RecordingMonitor } from "../../offline/recording/monitor";

// Left out of the SDK's types as internal.
const settings = runtimeSettings as typeof runtimeSettings & { waitForRPCs(): Promise<void> };
const { Struct } = createRequire(require.resolve("@pulumi/pulumi"))(
  "google-protobuf/google/protobuf/struct_pb.js",
);

/** What a piece of a program declared. */
export class Declared {
  constructor(readonly resources: RecordedResource[]) {}

  /**
   * Resources of a type, by name; the type by its end: `Listener`, or `webAcl:WebAcl` where a component has the same name.
   * @throws when there are none, because a loop over them would assert nothing; see `count`
   */
  all(type: string): RecordedResource[] {
    const found = this.#ofType(type);
    if (found.length === 0) throw new Error(`There is no ${type}.`);
    return found;
  }

  count(type: string): number {
    return this.#ofType(type).length;
  }

  /** The only resource of a type, or the one called `name`. @throws when there is another number of them */
  one(type: string, name?: string): RecordedResource {
    const found = this.#ofType(type).filter((resource) => name === undefined || resource.name === name);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new Error(
        `${found.length} of ${type} ${name ?? ""}; there are ${this.#ofType(type)
          .map((r) => r.name)
          .join(", ")}`,
      );
    }
    return first;
  }

  #ofType(type: string): RecordedResource[] {
    return this.resources
      .filter((resource) => `:${resource.type}`.endsWith(`:${type}`) || resource.type.endsWith(`/${type}`))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The logical names of all resources, sorted. */
  get names(): string[] {
    return this.resources.map(({ name }) => name).sort();
  }
}

/**
 * Runs a piece of a program in this process, as in the stack `dev`, and returns what it declared. The monitor
 * refuses a call it does not know and a second resource of one URN, and answers with ids like those of AWS.
 * @param preview as `pulumi preview` does: what AWS would give is unknown, and `apply` on it does not run
 * @throws what the program threw, also inside an `apply`
 */
export async function declare(program: () => unknown, { preview = false } = {}): Promise<Declared> {
  const monitor = new RecordingMonitor({
    project: "gateway",
    stack: "dev",
    region: "us-east-1",
    preview,
    struct: (value) => Struct.fromJavaScript(value),
  });
  const errors: unknown[] = [];
  const collect = (error: unknown) => errors.push(error);
  // Pulumi reads a stack trace for each promise; mapping them to TypeScript takes half the time.
  process.setSourceMapsEnabled(false);
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  try {
    await pulumi.runtime.setMocks(
      { call: refuse, newResource: refuse },
      "gateway",
      "dev",
      preview,
      "organization",
    );
    settings.setMockOptions(monitor, "gateway", "dev", preview, "organization");
    await program();
    await Promise.race([settings.waitForRPCs(), refused(monitor)]);
    await new Promise((done) => setImmediate(done));
  } finally {
    process.setSourceMapsEnabled(true);
    process.off("unhandledRejection", collect);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  if (monitor.refusals.length > 0) throw new Error(monitor.refusals.join("\n"));
  if (errors.length > 0) throw errors[0];
  return new Declared(monitor.resources);
}

/** What depends on a refused resource waits forever. */
async function refused({ refusals }: RecordingMonitor): Promise<void> {
  while (refusals.length === 0) await new Promise((done) => setTimeout(done, 20).unref());
}

function refuse(): never {
  throw new Error("the monitor answers instead of Pulumi's own mocks");
}
