import type { RecordedInvoke, RecordedResource, Recording } from "../recording";

/** A recording's resources, found by what points at them. */
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

  /** All of a type token, e.g. `aws:lb/listener:Listener`. */
  ofType(type: string): RecordedResource[] {
    return this.#byType.get(type) ?? [];
  }

  /** Those of a type whose output `key` is `value`. */
  where(type: string, key: string, value: unknown): RecordedResource[] {
    return this.ofType(type).filter(({ outputs }) => outputs[key] === value);
  }

  byId(type: string, id: unknown): RecordedResource | undefined {
    return this.ofType(type).find((resource) => resource.id === id);
  }

  /** A function of the provider that the program called, e.g. `aws:ec2/getInstance:getInstance`. */
  invokesOf(token: string): RecordedInvoke[] {
    return this.invokes.filter((invoke) => invoke.token === token);
  }

  /** The resource's parents, nearest first. */
  ancestors(resource: RecordedResource): RecordedResource[] {
    const parent = resource.parent === undefined ? undefined : this.#byUrn.get(resource.parent);
    return parent ? [parent, ...this.ancestors(parent)] : [];
  }
}
