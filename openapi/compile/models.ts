import { isObject, type JsonObject, type Key, ownObject, type Path, parsePointer, put } from "../../lib/json";
import { DRAFT4_TYPES, REFUSED_FORMATS, saysNothing, useOf } from "../schema-keywords";
import type { Context } from "./context";
import { freeModelName, modelNames } from "./names";

const COMPONENTS = "#/components/schemas/";
const WIDER = "The model lets such values pass; the backend has to check them";

/**
 * Turns OpenAPI schemas (3.0, and 3.1's JSON Schema 2020-12) into what API Gateway's models take: JSON Schema draft 4
 * without a few keywords. Where something can't be said, the model lets more pass, never less: a request that the API
 * allows must not be refused by the gateway.
 */
export class Models {
  readonly #names: Map<string, string>;
  readonly #taken: Set<string>;
  readonly #empty = new Set<string>();
  /** Schemas that stand elsewhere than under components and that something refers to, by their pointer */
  readonly #hoisted = new Map<string, { name: string; value: unknown; path: Path }>();
  readonly #hoistedQueue: { name: string; value: unknown; path: Path }[] = [];
  readonly #missing = new Set<string>();
  /** What #targetName found for each reference to a component */
  readonly #targets = new Map<string, string>();
  /** Where the conversion stands, shared by all levels of the recursion */
  #path: Key[] = [];

  constructor(
    private readonly context: Context,
    /** Whether requests are checked against the models; else they are documentation */
    private readonly validating: boolean,
  ) {
    const schemas = ownObject(ownObject(context.document.root, "components"), "schemas") ?? {};
    this.#names = modelNames(Object.keys(schemas));
    this.#taken = new Set(this.#names.values());
    for (const [name, schema] of Object.entries(schemas)) if (this.#isEmpty(schema)) this.#empty.add(name);
  }

  /** Whether nothing of the schema would be left to check. */
  #isEmpty(schema: unknown): boolean {
    const follow = (ref: string) => {
      const found = this.context.document.target(ref)?.value;
      return this.validating && isObject(found) && isNullable(found) ? {} : found;
    };
    return saysNothing(this.validating && isObject(schema) && isNullable(schema) ? {} : schema, follow);
  }

  /** A schema that stands in a parameter, body or response. */
  schema(schema: unknown, path: Path): unknown {
    this.#path = [...path];
    return this.#convert(schema);
  }

  /** Every schema under components, then those that were referred to from elsewhere; call it last. */
  components(): JsonObject {
    const models: JsonObject = {};
    const schemas = ownObject(ownObject(this.context.document.root, "components"), "schemas") ?? {};
    for (const [name, schema] of Object.entries(schemas)) {
      const path = ["components", "schemas", name];
      if (this.#empty.has(name)) {
        const why = "AWS refuses a model without a property (Model schema must have at least 1 property)";
        this.context.change("empty-model", path, `The schema "${name}" is not made a model`, why);
        continue;
      }
      const given = this.#names.get(name) ?? name;
      if (given !== name) {
        const why = "AWS: Model name must be alphanumeric";
        this.context.change("model-name", path, `The schema "${name}" is called "${given}"`, why);
      }
      models[given] = this.schema(schema, path);
    }
    for (let next = this.#hoistedQueue.shift(); next; next = this.#hoistedQueue.shift()) {
      models[next.name] = this.schema(next.value, next.path);
    }
    return models;
  }

  #convert(schema: unknown): unknown {
    if (!isObject(schema)) return this.#boolean(schema);
    if (typeof schema.$ref === "string") return this.#reference(schema, schema.$ref);
    const nullable = isNullable(schema);
    if (nullable && this.validating) {
      this.#change(
        "nullable",
        "May be null, so the model does not check it",
        `Models have no null. ${WIDER}`,
      );
      return typeof schema.description === "string" ? { description: schema.description } : {};
    }
    const model: JsonObject = {};
    for (const keyword in schema) {
      if (!Object.hasOwn(schema, keyword)) continue;
      this.#path.push(keyword);
      this.#keyword(model, keyword, schema[keyword], schema);
      this.#path.pop();
    }
    if (model.type === "array" && model.items === undefined) {
      model.items = {};
      this.#change("array-items", "The items of the array are added as {}", "OpenAPI 3.0 wants items");
    }
    return model;
  }

  #boolean(schema: unknown): JsonObject {
    const model = schema === false ? { not: {} } : {};
    const what = `The schema ${JSON.stringify(schema)} is written as ${JSON.stringify(model)}`;
    this.#change("schema-boolean", what, "Draft 4 has no true or false for a schema");
    return model;
  }

  #keyword(model: JsonObject, keyword: string, value: unknown, schema: JsonObject): void {
    switch (keyword) {
      case "type":
        this.#type(model, value, schema);
        break;
      case "properties":
        model.properties = this.#map(value);
        break;
      case "items":
        model.items = Object.hasOwn(schema, "prefixItems") ? {} : this.#convert(value);
        break;
      case "not":
        model.not = this.#convert(value);
        break;
      case "additionalProperties":
        this.#additionalProperties(model, value, schema);
        break;
      case "allOf":
      case "anyOf":
      case "oneOf":
        this.#list(model, keyword, value);
        break;
      case "enum":
        this.#enum(model, value);
        break;
      case "const":
        this.#constant(model, value);
        break;
      case "required":
        this.#required(model, value, schema);
        break;
      case "format":
        this.#format(model, value);
        break;
      case "exclusiveMinimum":
        this.#exclusive(model, "minimum", value, Math.max);
        break;
      case "exclusiveMaximum":
        this.#exclusive(model, "maximum", value, Math.min);
        break;
      case "minimum":
        this.#bound(model, keyword, value, Math.max);
        break;
      case "maximum":
        this.#bound(model, keyword, value, Math.min);
        break;
      default:
        this.#plain(model, keyword, value);
    }
  }

  #format(model: JsonObject, value: unknown): void {
    if (!REFUSED_FORMATS.has(value)) model.format = value;
    else
      this.#change(
        "number-format",
        `The format "${String(value)}" is left out`,
        "Models take no number formats",
      );
  }

  #additionalProperties(model: JsonObject, value: unknown, schema: JsonObject): void {
    if (Object.hasOwn(schema, "patternProperties")) {
      const why = `It depends on "patternProperties". ${WIDER}`;
      this.#change("schema-keyword", '"additionalProperties" is left out', why);
    } else {
      model.additionalProperties = typeof value === "boolean" ? value : this.#convert(value);
    }
  }

  #plain(model: JsonObject, keyword: string, value: unknown): void {
    const use = useOf(keyword);
    if (use === "taken") model[keyword] = value;
    else if (use === "limit")
      this.#change("schema-keyword", `"${keyword}" is left out`, `Models don't take it. ${WIDER}`);
    else this.#change("schema-keyword", `"${keyword}" is left out`, "Models don't take it");
  }

  #type(model: JsonObject, value: unknown, schema: JsonObject): void {
    const types = (Array.isArray(value) ? value : [value]).filter((type) => type !== "null");
    const known = types.filter((type) => DRAFT4_TYPES.has(type));
    if (known.length < types.length)
      this.#change("schema-type", `The type ${JSON.stringify(value)} is left out`, WIDER);
    else if (known.length === 1) model.type = known[0];
    else if (known.length > 1 && !Object.hasOwn(schema, "anyOf"))
      model.anyOf = known.map((type) => ({ type }));
    if (Array.isArray(value)) {
      this.#change(
        "type-array",
        `The types ${JSON.stringify(value)} are written the way of OpenAPI 3.0`,
        "AWS imports OpenAPI 3.0",
      );
    }
  }

  #map(value: unknown): JsonObject {
    const map: JsonObject = {};
    if (!isObject(value)) return map;
    for (const name in value) {
      this.#path.push(name);
      put(map, name, this.#convert(value[name]));
      this.#path.pop();
    }
    return map;
  }

  #list(model: JsonObject, keyword: string, value: unknown): void {
    if (!Array.isArray(value)) return;
    const members: unknown[] = [];
    for (const [index, member] of value.entries()) {
      if (isObject(member) && member.type === "null") continue;
      this.#path.push(index);
      members.push(this.#convert(member));
      this.#path.pop();
    }
    if (members.length < value.length) {
      this.#change("nullable", `The type "null" is left out of ${keyword}`, "OpenAPI 3.0 has no null type");
    }
    if (members.length === 1 && keyword !== "allOf" && members.length < value.length) model.allOf = members;
    else if (members.length > 0) model[keyword] = members;
  }

  #enum(model: JsonObject, value: unknown): void {
    if (!Array.isArray(value)) return;
    const values = value.filter((item) => item !== null);
    if (values.length > 0) model.enum = values;
    if (values.length < value.length)
      this.#change("nullable", "null is left out of the enum", "Models have no null");
  }

  #constant(model: JsonObject, value: unknown): void {
    if (value === null) return;
    model.enum = [value];
    this.#change("schema-const", '"const" is written as an enum of one value', "Draft 4 has no const");
  }

  #required(model: JsonObject, value: unknown, schema: JsonObject): void {
    if (!Array.isArray(value)) return;
    const properties = ownObject(schema, "properties");
    const names = value.filter((name) => {
      const property =
        properties && isObject(properties[String(name)]) ? (properties[String(name)] as JsonObject) : {};
      return typeof name === "string" && !(this.validating && property.readOnly === true);
    });
    const kept = [...new Set(names)];
    // Draft 4 wants at least one name.
    if (kept.length > 0) model.required = kept;
    if (kept.length < value.length) {
      const why =
        "Draft 4 wants each name once, and at least one; a request need not carry what is read-only";
      this.#change("required", `"required" is ${JSON.stringify(kept)} in the model`, why);
    }
  }

  #bound(model: JsonObject, bound: "minimum" | "maximum", value: unknown, tighter: typeof Math.max): void {
    if (typeof value !== "number") return;
    const other = model[bound];
    model[bound] = typeof other === "number" ? tighter(value, other) : value;
  }

  #exclusive(
    model: JsonObject,
    bound: "minimum" | "maximum",
    value: unknown,
    tighter: typeof Math.max,
  ): void {
    this.#bound(model, bound, value, tighter);
    this.#change(
      "exclusive-bound",
      `The ${bound} is inclusive in the model`,
      `Models take no exclusive bounds. ${WIDER}`,
    );
  }

  #reference(schema: JsonObject, ref: string): JsonObject {
    const target = this.#targetName(ref);
    if (target === undefined) return {};
    const reference = { $ref: COMPONENTS + target };
    const beside = Object.keys(schema).filter((keyword) => keyword !== "$ref" && useOf(keyword) !== "note");
    const limits = beside.filter((keyword) => keyword !== "description" && keyword !== "title");
    if (limits.length === 0 || this.context.document.version === "3.0") {
      this.#besideReference(schema);
      return reference;
    }
    const { $ref: _, ...rest } = schema;
    return { allOf: [reference, this.#convert(rest)] };
  }

  #besideReference(schema: JsonObject): void {
    const left = Object.keys(schema).filter((keyword) => keyword !== "$ref");
    if (left.length === 0) return;
    const list = left.map((keyword) => `"${keyword}"`).join(", ");
    this.#change(
      "reference-siblings",
      `${list} beside the $ref left out`,
      "OpenAPI 3.0 has nothing beside a $ref",
    );
  }

  /** The model's name; undefined when the reference stands for any value. */
  #targetName(ref: string): string | undefined {
    const known = this.#targets.get(ref);
    if (known !== undefined) return known;
    const pointer = ref.startsWith("#") ? parsePointer(ref) : undefined;
    if (pointer?.length === 3 && pointer[0] === "components" && pointer[1] === "schemas") {
      const [, , name = ""] = pointer;
      if (this.#empty.has(name)) return undefined;
      const given = this.#names.get(name);
      if (given !== undefined) {
        this.#targets.set(ref, given);
        return given;
      }
    }
    return this.#hoist(ref);
  }

  /** API Gateway refers to models only; a schema that stands elsewhere becomes one. */
  #hoist(ref: string): string | undefined {
    const known = this.#hoisted.get(ref);
    if (known) return known.name;
    const found = this.context.document.target(ref);
    const end = found && this.context.document.resolve(found.value, found.path);
    if (!found || !end) {
      if (!this.#missing.has(ref)) {
        const message = `The reference ${ref} leads nowhere. Correct it or add what it names.`;
        this.context.finding("error", "missing-reference", this.#path, message);
      }
      this.#missing.add(ref);
      return undefined;
    }
    if (this.#isEmpty(found.value)) return undefined;
    const name = freeModelName(`${found.path.slice(-2).join(" ")}`, this.#taken);
    const hoisted = { name, value: found.value, path: found.path };
    this.#hoisted.set(ref, hoisted);
    this.#hoistedQueue.push(hoisted);
    this.#change(
      "reference-hoisted",
      `The schema at ${ref} is made the model "${name}"`,
      "AWS follows references to components/schemas only",
    );
    return name;
  }

  #change(rule: string, what: string, why: string): void {
    this.context.change(rule, this.#path, what, why);
  }
}

function isNullable(schema: JsonObject): boolean {
  if (schema.nullable === true || schema.type === "null") return true;
  if (Array.isArray(schema.type) && schema.type.includes("null")) return true;
  if (Array.isArray(schema.enum) && schema.enum.includes(null)) return true;
  for (const keyword of ["anyOf", "oneOf"]) {
    const members = schema[keyword];
    if (Array.isArray(members) && members.some((member) => isObject(member) && member.type === "null"))
      return true;
  }
  return false;
}
