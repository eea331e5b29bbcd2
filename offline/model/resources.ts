import type { Recorded, Token } from "../recording/aws-types";
import type { RecordedInvoke, RecordedResource, Recording } from "../recording/recorded";

/** A recording's resources, indexed by type and URN. */
export class Resources {
  readonly all: readonly RecordedResource[];
  readonly invokes: readonly RecordedInvoke[];
  readonly #byType: Map<string, RecordedResource[]>;
  readonly #byUrn: Map<string, RecordedResource>;

  constructor({ resources, invokes }: Pick<Recording, "resources" | "invokes">) {
    this.all = resources;
    this.invokes = invokes;
    this.#byType = new Map();
    for (const resource of resources) {
      const others = this.#byType.get(resource.type);
      if (others) others.push(resource);
      else this.#byType.set(resource.type, [resource]);
    }
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  ofType<T extends Token>(type: T): Recorded<T>[] {
    // The type token determines the shape: the program was compiled against the same classes.
    return (this.#byType.get(type) ?? []) as unknown as Recorded<T>[];
  }

  /** Those of a type whose output `key` is `value`. */
  where<T extends Token, K extends keyof Recorded<T>["outputs"]>(
    type: T,
    key: K,
    value: unknown,
  ): Recorded<T>[] {
    return this.ofType(type).filter(({ outputs }) => outputs[key] === value);
  }

  byId<T extends Token>(type: T, id: unknown): Recorded<T> | undefined {
    return this.ofType(type).find((resource) => resource.id === id);
  }

  /** Calls of a provider function, e.g. `aws:ec2/getInstance:getInstance`. */
  invokesOf(token: string): RecordedInvoke[] {
    return this.invokes.filter((invoke) => invoke.token === token);
  }

  /** The resource's parents, nearest first. */
  ancestors({ parent }: { parent?: string }): RecordedResource[] {
    const found = parent === undefined ? undefined : this.#byUrn.get(parent);
    return found ? [found, ...this.ancestors(found)] : [];
  }
}
