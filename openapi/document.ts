import { at, isObject, type JsonObject, type Key, type Path, parsePointer, prop } from "../lib/json";
import type { Source } from "./load/source";

export interface Resolved {
  value: unknown;
  /** The value's path in the document */
  path: Path;
}

/** A loaded OpenAPI document: its value, and the lines of the files it was read from. */
export class SpecDocument {
  readonly #resolved = new Map<string, Resolved | undefined>();
  readonly #derived = new Map<(document: SpecDocument) => unknown, unknown>();

  constructor(
    /** The file's name as findings show it */
    readonly file: string,
    readonly root: JsonObject,
    private readonly source: Source,
    /** Blocks that came from other files, with the file and the path in it */
    private readonly origins: ReadonlyMap<object, { source: Source; path: Path }> = new Map(),
    /** Size of the text in bytes */
    readonly bytes: number = 0,
  ) {}

  /** "3.0" or "3.1", as which 3.2 is read */
  get version(): "3.0" | "3.1" {
    return /^3\.[12]/.test(String(this.root.openapi)) ? "3.1" : "3.0";
  }

  /** What `derive` makes of the document, made once: check and compile need the same lists. */
  once<T>(derive: (document: SpecDocument) => T): T {
    if (!this.#derived.has(derive)) this.#derived.set(derive, derive(this));
    return this.#derived.get(derive) as T;
  }

  /** "file:line:column" of the key or list item at `path` */
  locate(path: Path): string {
    const { source, rest } = this.#origin(path);
    const { line, column } = source.position(rest);
    return `${source.name}:${line}:${column}`;
  }

  /** The value, or the end of its chain of `$ref`; undefined when a reference has no target. */
  resolve(value: unknown, path: Path): Resolved | undefined {
    let found: Resolved | undefined = { value, path };
    for (let hops = 0; hops < 50; hops++) {
      const ref: unknown = prop(found.value, "$ref");
      if (typeof ref !== "string") return found;
      found = this.target(ref);
      if (!found) return undefined;
    }
    return undefined;
  }

  /** The target of a `$ref`; undefined when there is none. */
  target(ref: string): Resolved | undefined {
    if (this.#resolved.has(ref)) return this.#resolved.get(ref);
    const path = ref.startsWith("#") ? parsePointer(ref) : undefined;
    const value = path && at(this.root, path);
    const resolved = path && value !== undefined ? { value, path } : undefined;
    this.#resolved.set(ref, resolved);
    return resolved;
  }

  #origin(path: Path): { source: Source; rest: Path } {
    if (this.origins.size === 0) return { source: this.source, rest: path };
    let source = this.source;
    let start: Path = [];
    let passed = 0;
    let value: unknown = this.root;
    path.forEach((key: Key, index) => {
      value = Array.isArray(value) ? value[Number(key)] : prop(value, String(key));
      const origin = typeof value === "object" && value !== null ? this.origins.get(value) : undefined;
      if (origin) {
        source = origin.source;
        start = origin.path;
        passed = index + 1;
      }
    });
    return { source, rest: [...start, ...path.slice(passed)] };
  }
}

export function pathItems(document: SpecDocument): [string, JsonObject, Path][] {
  const items: [string, JsonObject, Path][] = [];
  for (const [template, item] of Object.entries(prop(document.root, "paths") ?? {})) {
    if (template.startsWith("x-")) continue;
    const resolved = document.resolve(item, ["paths", template]);
    if (resolved && isObject(resolved.value)) items.push([template, resolved.value, resolved.path]);
  }
  return items;
}
