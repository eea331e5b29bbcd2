export type HostFunction = (...args: unknown[]) => unknown;

/** `$input` and `$util`: only the functions and properties listed, by name, never an inherited one. */
export class HostObject {
  private readonly functions: ReadonlyMap<string, HostFunction>;
  private readonly properties: ReadonlyMap<string, () => unknown>;

  constructor(functions: Record<string, HostFunction>, properties: Record<string, () => unknown> = {}) {
    this.functions = new Map(Object.entries(functions));
    this.properties = new Map(Object.entries(properties));
  }

  call(name: string, args: readonly unknown[]): unknown {
    return this.functions.get(name)?.(...args);
  }

  get(name: string): unknown {
    return this.properties.get(name)?.();
  }
}

/** The entries of `$context.requestOverride` and `$context.responseOverride`, each of which can be set once per template. */
export class OnceMap {
  private readonly assigned = new Set<string>();

  constructor(
    readonly entries: Map<string, unknown>,
    /** Entries that are such maps themselves. */
    private readonly nested: ReadonlyMap<string, OnceMap> = new Map(),
  ) {}

  get(name: string): unknown {
    return this.nested.get(name) ?? this.entries.get(name);
  }

  set(name: string, value: unknown): void {
    // "Overrides are final. … Trying to override the same parameter multiple times will result in 5XX responses."
    if (this.assigned.has(name)) throw new Error(`the override ${name} is applied more than once`);
    this.assigned.add(name);
    this.entries.set(name, value);
  }
}
