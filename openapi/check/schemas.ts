import { isObject, type JsonObject, type Key, ownObject, type Path, parsePointer } from "../../lib/json";
import type { SpecDocument } from "../document";
import { DRAFT4_TYPES, MODEL_NAME, REFUSED_FORMATS, saysNothing, useOf } from "../schema-keywords";
import type { Report } from "./report";
import type { RuleId } from "./rules";

const OWN_RULES = new Map<string, RuleId>([
  ["nullable", "nullable"],
  ["discriminator", "discriminator"],
  ["exclusiveMinimum", "exclusive-bound"],
  ["exclusiveMaximum", "exclusive-bound"],
]);

/** What concerns schemas: names, references, keywords that a model does not take. */
export class SchemaCheck {
  readonly #references = new Set<string>();
  #path: Key[] = [];

  constructor(
    private readonly document: SpecDocument,
    private readonly report: Report,
  ) {}

  components(): void {
    const schemas = ownObject(ownObject(this.document.root, "components"), "schemas") ?? {};
    for (const [name, schema] of Object.entries(schemas)) {
      const path = ["components", "schemas", name];
      if (!MODEL_NAME.test(name)) this.report.add("model-name", path, `The schema is called "${name}".`);
      if (isObject(schema) && saysNothing(schema, (ref) => this.document.target(ref)?.value))
        this.report.add("empty-model", path, `The schema "${name}" says nothing.`);
      this.run(schema, path);
    }
  }

  run(schema: unknown, path: Path): void {
    this.#path = [...path];
    this.#schema(schema);
  }

  #schema(schema: unknown): void {
    if (!isObject(schema)) {
      if (typeof schema === "boolean") this.#add("schema-boolean", `The schema is ${schema}.`);
      return;
    }
    for (const keyword in schema) {
      if (!Object.hasOwn(schema, keyword)) continue;
      this.#path.push(keyword);
      this.#keyword(keyword, schema[keyword]);
      this.#path.pop();
    }
  }

  #keyword(keyword: string, value: unknown): void {
    switch (keyword) {
      case "$ref":
        this.#reference(value);
        break;
      case "type":
        this.#type(value);
        break;
      case "format":
        if (REFUSED_FORMATS.has(value)) this.#add("number-format", `The format is "${String(value)}".`);
        break;
      case "properties":
        if (isObject(value)) this.#map(value);
        break;
      case "items":
      case "not":
        this.#schema(value);
        break;
      case "additionalProperties":
        if (isObject(value)) this.#schema(value);
        break;
      case "allOf":
      case "anyOf":
      case "oneOf":
        if (Array.isArray(value)) this.#list(value);
        break;
      case "enum":
        if (Array.isArray(value) && value.includes(null)) this.#add("nullable", "The enum has null.");
        break;
      case "nullable":
        if (value === true) this.#add("nullable", "The schema is nullable.");
        break;
      default:
        this.#other(keyword);
    }
  }

  #other(keyword: string): void {
    const use = useOf(keyword);
    if (use === "taken") return;
    const id = OWN_RULES.get(keyword) ?? (use === "limit" ? "schema-keyword" : "schema-note");
    this.#add(id, `The schema has "${keyword}".`);
  }

  #map(schemas: JsonObject): void {
    for (const name in schemas) {
      this.#path.push(name);
      this.#schema(schemas[name]);
      this.#path.pop();
    }
  }

  #list(schemas: readonly unknown[]): void {
    for (const [index, schema] of schemas.entries()) {
      this.#path.push(index);
      this.#schema(schema);
      this.#path.pop();
    }
  }

  #type(value: unknown): void {
    if (Array.isArray(value)) this.#add("type-array", `The type is ${JSON.stringify(value)}.`);
    else if (value === "null") this.#add("nullable", 'The type is "null".');
    else if (!DRAFT4_TYPES.has(value)) this.#add("schema-type", `The type is ${JSON.stringify(value)}.`);
  }

  #reference(ref: unknown): void {
    if (typeof ref !== "string" || this.#references.has(ref)) return;
    if (!this.document.target(ref)) {
      this.#add("missing-reference", `There is no ${ref}.`);
      return;
    }
    this.#references.add(ref);
    const pointer = parsePointer(ref);
    if (pointer?.length === 3 && pointer[0] === "components" && pointer[1] === "schemas") return;
    this.#add("reference-place", `The reference is ${ref}.`);
  }

  #add(id: RuleId, found: string): void {
    this.report.add(id, this.#path, found);
  }
}
