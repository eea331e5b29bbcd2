import { realpathSync } from "node:fs";
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import type { Finding } from "../../lib/finding";
import {
  isObject,
  type JsonObject,
  type Key,
  objectAt,
  type Path,
  parsePointer,
  prop,
  put,
  at as valueAt,
} from "../../lib/json";
import { shorten } from "../shorten";
import type { Source } from "./source";

/** What a value is, as far as references are concerned: schemas become components, anything else is inlined. */
type Kind = "schema" | "schemas" | "schema-list" | "other" | "raw";

interface Target {
  file: string;
  source: Source;
  fragment: string;
}

const NAMED = new Set([
  "parameters",
  "responses",
  "headers",
  "examples",
  "requestBodies",
  "links",
  "callbacks",
  "pathItems",
  "securitySchemes",
  "paths",
]);
const REMOTE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;
const SCHEMA_KEYS = new Map<string, Kind>([
  ...["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"].map(
    (key): [string, Kind] => [key, "schemas"],
  ),
  ...["allOf", "anyOf", "oneOf", "prefixItems"].map((key): [string, Kind] => [key, "schema-list"]),
  ...["items", "additionalItems", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"].map(
    (key): [string, Kind] => [key, "schema"],
  ),
  ...["propertyNames", "contains", "not", "if", "then", "else"].map((key): [string, Kind] => [key, "schema"]),
]);

/** Whether the text may reference other files; most documents need no bundling. */
export function mayReferOutside(text: string): boolean {
  return /\$ref["']?\s*:\s*(["'][^#"']|[^#"'\s])/.test(text);
}

/**
 * Makes one document of a spec and the files that it references. Only files in the spec's folder and below are read
 * (symbolic links are followed); nothing is fetched by URL.
 */
export class Bundle {
  readonly origins = new Map<object, { source: Source; path: Path }>();
  bytes = 0;
  readonly #folder: string;
  readonly #main: string;
  readonly #files = new Map<string, Source>();
  /** References that cannot be followed */
  readonly findings: Finding[] = [];
  /** The component names of schemas from other files, by file and pointer */
  readonly #hoisted = new Map<string, string>();
  readonly #queue: { name: string; target: Target; path: Path }[] = [];
  readonly #names: Set<string>;
  readonly #inlined = new Map<string, unknown>();
  readonly #open = new Set<string>();

  constructor(
    file: string,
    private readonly main: Source,
    private readonly read: (file: string) => Source & { bytes: number },
    private readonly realPath: (file: string) => string = realpathSync,
  ) {
    this.#main = realPath(resolve(file));
    this.#folder = dirname(this.#main);
    this.#files.set(this.#main, main);
    this.#names = new Set(Object.keys(objectAt(objectAt(main.value, "components"), "schemas") ?? {}));
  }

  run(): JsonObject {
    const root = this.#visit(this.main.value, "other", this.#main, []) as JsonObject;
    if (this.#queue.length > 0) this.#addHoisted(root);
    return root;
  }

  #addHoisted(root: JsonObject): void {
    const components = { ...objectAt(root, "components") };
    const schemas = { ...objectAt(components, "schemas") };
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { target, path, name } = next;
      const value = valueAt(target.source.value, path);
      put(
        schemas,
        name,
        this.#remember(this.#visit(value, "schema", target.file, path), target.source, path),
      );
    }
    root.components = { ...components, schemas };
  }

  #visit(value: unknown, kind: Kind, file: string, path: Path): unknown {
    if (kind === "raw" || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const inner = kind === "schema-list" ? "schema" : kind === "schema" ? "raw" : kind;
      return value.map((item, index) => this.#visit(item, inner, file, [...path, index]));
    }
    const object = value as JsonObject;
    const ref = kind === "schemas" ? undefined : prop(object, "$ref");
    if (typeof ref === "string") return this.#reference(object, ref, kind, file, path);
    const copy: JsonObject = {};
    for (const [key, inner] of Object.entries(object)) {
      const at = [...path, key];
      put(copy, key, this.#visit(inner, this.#kindOf(kind, at), file, at));
    }
    return copy;
  }

  #kindOf(parent: Kind, path: Path): Kind {
    const key = String(path.at(-1));
    if (parent === "schemas") return "schema";
    // An extension can have a key $ref that is not a reference.
    if (parent === "other" && key.startsWith("x-") && !NAMED.has(String(path.at(-2)))) return "raw";
    if (parent === "schema") return SCHEMA_KEYS.get(key) ?? "raw";
    // Below these the keys are names: a response can be called `example`.
    const named = NAMED.has(String(path.at(-2)));
    if (key === "schema" && !named) return "schema";
    if (key === "example" && !named) return "raw";
    if (key === "value" && path.at(-3) === "examples") return "raw";
    return path.length === 2 && path[0] === "components" && key === "schemas" ? "schemas" : "other";
  }

  #reference(object: JsonObject, ref: string, kind: Kind, file: string, path: Path): unknown {
    const target = this.#target(ref, file, path);
    if (target === undefined) return {};
    if (target.file === this.#main) return { ...object, $ref: `#${target.fragment}` };
    const pointer = parsePointer(`#${target.fragment}`);
    if (!pointer || valueAt(target.source.value, pointer) === undefined) {
      this.#report(file, path, "missing-reference", `The target of ${ref} does not exist in the file.`);
      return {};
    }
    if (kind === "schema") return { ...object, $ref: `#/components/schemas/${this.#hoist(target, pointer)}` };
    const found = this.#inline(target, pointer, kind, () =>
      this.#report(
        file,
        path,
        "circular-reference",
        `The reference ${ref} contains itself. Remove the cycle.`,
      ),
    );
    const { $ref: _, ...beside } = object;
    return isObject(found) && Object.keys(beside).length > 0 ? { ...found, ...beside } : found;
  }

  #target(ref: string, file: string, path: Path): Target | undefined {
    const hash = ref.indexOf("#");
    const name = hash === -1 ? ref : ref.slice(0, hash);
    const fragment = hash === -1 ? "" : ref.slice(hash + 1);
    if (name === "") return { file, source: this.#files.get(file) as Source, fragment };
    if (REMOTE.test(name)) {
      this.#report(
        file,
        path,
        "remote-reference",
        `The reference ${ref} is a URL, and nothing is fetched. Keep a copy beside the spec, or bundle the spec: npx @redocly/cli bundle ${this.main.name}`,
      );
      return undefined;
    }
    const wanted = resolve(dirname(file), decoded(name));
    if (!this.#inside(wanted)) return this.#outside(ref, file, path);
    let real: string;
    try {
      real = this.realPath(wanted);
    } catch {
      this.#report(file, path, "missing-reference", `The file of ${ref} does not exist.`);
      return undefined;
    }
    if (!this.#inside(real)) return this.#outside(ref, file, path);
    return { file: real, source: this.#file(real), fragment };
  }

  #inside(file: string): boolean {
    return file.startsWith(this.#folder + sep);
  }

  #outside(ref: string, file: string, path: Path): undefined {
    this.#report(
      file,
      path,
      "outside-reference",
      `The reference ${ref} is outside the spec's folder. Move the file into it.`,
    );
    return undefined;
  }

  #file(file: string): Source {
    let source = this.#files.get(file);
    if (!source) {
      const name = `${dirname(this.main.name)}/${relative(this.#folder, file)}`.replace(/^\.\//, "");
      const loaded = this.read(file);
      this.bytes += loaded.bytes;
      source = {
        name,
        value: loaded.value,
        position: (path) => loaded.position(path),
        written: (path) => loaded.written(path),
      };
      this.#files.set(file, source);
    }
    return source;
  }

  #hoist(target: Target, path: Path): string {
    const id = `${target.file}#${target.fragment}`;
    const known = this.#hoisted.get(id);
    if (known !== undefined) return known;
    const base = String(path.at(-1) ?? basename(target.file, extname(target.file))).replaceAll(
      /[^A-Za-z0-9._-]+/g,
      "_",
    );
    let name = base;
    for (let number = 2; this.#names.has(name); number++) name = `${base}${number}`;
    this.#names.add(name);
    this.#hoisted.set(id, name);
    this.#queue.push({ name, target, path });
    return name;
  }

  #inline(target: Target, path: Path, kind: Kind, circular: () => void): unknown {
    const id = `${kind} ${target.file}#${target.fragment}`;
    if (this.#inlined.has(id)) return this.#inlined.get(id);
    if (this.#open.has(id)) {
      circular();
      return {};
    }
    this.#open.add(id);
    const value = this.#remember(
      this.#visit(valueAt(target.source.value, path), kind, target.file, path),
      target.source,
      path,
    );
    this.#open.delete(id);
    this.#inlined.set(id, value);
    return value;
  }

  #remember(value: unknown, source: Source, path: Path): unknown {
    if (typeof value === "object" && value !== null && !this.origins.has(value)) {
      this.origins.set(value, { source, path });
    }
    return value;
  }

  #report(file: string, path: readonly Key[], rule: string, message: string): void {
    const source = this.#files.get(file) as Source;
    const { line, column } = source.position(path);
    const where = `${source.name}:${line}:${column}`;
    this.findings.push({ level: "error", rule, where, message: shorten(message) });
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
