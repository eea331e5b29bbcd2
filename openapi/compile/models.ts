import { isObject, type JsonObject, objectAt, type Path, parsePointer } from "../../lib/json";
import type { Recorder } from "../recorder";

import { saysNothing } from "../rest-api/schema-keywords";
import { freeModelName, modelNames } from "./names";
import { isNullable, type ModelReference, type ModelReferences, SchemaConversion } from "./schema";

/**
 * Makes API Gateway's models of the schemas: those under components, and schemas elsewhere that something refers to
 * (a model can only reference models).
 */
export class Models implements ModelReferences {
  readonly #names: Map<string, string>;
  readonly #taken: Set<string>;
  readonly #empty = new Set<string>();
  readonly #schemas: JsonObject;
  /** What each reference was resolved to */
  readonly #references = new Map<string, ModelReference>();
  /** Schemas elsewhere than under components that need a model */
  readonly #hoisted: { name: string; value: unknown; path: Path }[] = [];
  /** Per reference: whether its model accepts more than its schema */
  readonly #wider = new Map<string, boolean>();

  constructor(
    private readonly record: Recorder,
    /** Whether requests are validated against the models; if not, they are documentation */
    private readonly validating: boolean,
  ) {
    this.#schemas = objectAt(objectAt(record.document.root, "components"), "schemas") ?? {};
    this.#names = modelNames(Object.keys(this.#schemas));
    this.#taken = new Set(this.#names.values());
    for (const [name, schema] of Object.entries(this.#schemas))
      if (this.#isEmpty(schema)) this.#empty.add(name);
  }

  /** The model of a schema in a body or response. */
  schema(schema: unknown, path: Path): unknown {
    return this.#conversion(path).convert(schema);
  }

  /** Every schema under components, then those elsewhere that were referred to; call it last. */
  components(): JsonObject {
    const models: JsonObject = {};
    for (const [name, schema] of Object.entries(this.#schemas)) {
      const path = ["components", "schemas", name];
      const given = this.#names.get(name) ?? name;
      if (given !== name) this.record.add("model-name", path, name, given);
      if (this.#empty.has(name)) this.record.add("empty-model", path, name);
      const model = this.schema(schema, path);
      if (!this.#empty.has(name)) models[given] = model;
    }
    for (let next = this.#hoisted.shift(); next; next = this.#hoisted.shift()) {
      models[next.name] = this.schema(next.value, next.path);
    }
    return models;
  }

  reference(ref: string, path: Path): ModelReference {
    let found = this.#references.get(ref);
    if (!found) {
      found = this.#resolve(ref, path);
      this.#references.set(ref, found);
    }
    return found;
  }

  isWider(ref: string): boolean {
    const known = this.#wider.get(ref);
    if (known !== undefined) return known;
    const visited = new Set([ref]);
    let wider = false;
    for (const next of visited) {
      const conversion = this.#conversion(undefined);
      conversion.convert(this.record.document.target(next)?.value);
      wider ||= conversion.isWider || this.#wider.get(next) === true;
      for (const inner of conversion.references) visited.add(inner);
    }
    this.#wider.set(ref, wider);
    return wider;
  }

  /** @param path undefined for a trial that records nothing */
  #conversion(path: Path | undefined): SchemaConversion {
    return new SchemaConversion(this, path && this.record, path ?? [], {
      validating: this.validating,
      version: this.record.document.version,
    });
  }

  #resolve(ref: string, path: Path): ModelReference {
    const { document } = this.record;
    const pointer = ref.startsWith("#") ? parsePointer(ref) : undefined;
    if (pointer?.length === 3 && pointer[0] === "components" && pointer[1] === "schemas") {
      const [, , name = ""] = pointer;
      const given = this.#names.get(name);
      if (this.#empty.has(name)) return "any value";
      if (given !== undefined) return { name: given };
    }
    const found = document.target(ref);
    if (!found || !document.resolve(found.value, found.path)) {
      this.record.add("missing-reference", path, ref);
      return "missing";
    }
    this.record.add("reference-place", path, ref);
    if (this.#isEmpty(found.value)) return "any value";
    const name = freeModelName(found.path.slice(-2).join(" "), this.#taken);
    this.#hoisted.push({ name, value: found.value, path: found.path });
    return { name };
  }

  /** Whether nothing of the schema would be left to validate. */
  #isEmpty(schema: unknown): boolean {
    const asModel = (value: unknown) =>
      this.validating && isObject(value) && isNullable(value) ? {} : value;
    return saysNothing(asModel(schema), (ref) => asModel(this.record.document.target(ref)?.value));
  }
}
