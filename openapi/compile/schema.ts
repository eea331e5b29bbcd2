import { isObject, type JsonObject, type Key, objectAt, type Path, put } from "../../lib/json";
import type { Recorder } from "../recorder";
import type { FactsOf, RuleId } from "../rest-api/rules";
import { DRAFT4_TYPES, NUMBER_FORMATS, useOf, valueCheckOf } from "../rest-api/schema-keywords";

const MODEL = "#/components/schemas/";

/** What something refers to: a model, or any value, for which no model is needed. */
export type ModelReference = { name: string } | "any value" | "missing";

export interface ModelReferences {
  /** The model that a `$ref` at `path` gets. */
  reference(ref: string, path: Path): ModelReference;
  /** Whether the model of a reference accepts more than the schema, itself or in anything that it refers to. */
  isWider(ref: string): boolean;
}

interface ConversionOptions {
  /** Whether requests are validated against the model: then it must never refuse what the schema allows */
  validating: boolean;
  version: "3.0" | "3.1";
}

/**
 * Turns one OpenAPI schema (3.0, or 3.1's JSON Schema 2020-12) into what API Gateway's models support: JSON Schema
 * draft 4 without a few keywords. Where a model cannot express something it accepts more, never less: a request that
 * the API allows must not be refused by the gateway. So below `not`, and in a member of `oneOf`, where accepting more
 * means refusing more, the keyword itself gives way.
 */
export class SchemaConversion {
  /** Whether the model accepts something that the schema does not, what it refers to apart */
  isWider = false;
  /** What the schema refers to */
  references = new Set<string>();
  /** The path that the conversion has reached */
  readonly #path: Key[];

  constructor(
    private readonly models: ModelReferences,
    /** Undefined in a trial, which only finds out how wide the model is */
    private readonly record: Recorder | undefined,
    path: Path,
    private readonly options: ConversionOptions,
  ) {
    this.#path = [...path];
  }

  convert(schema: unknown): unknown {
    if (!isObject(schema)) return this.#notAMap(schema);
    if (typeof schema.$ref === "string") return this.#reference(schema, schema.$ref);
    if (this.options.validating && isNullable(schema)) {
      this.#wider("nullable", "The schema allows null");
      return typeof schema.description === "string" ? { description: schema.description } : {};
    }
    const model: JsonObject = {};
    for (const keyword of Object.keys(schema)) {
      this.#path.push(keyword);
      this.#keyword(model, keyword, schema[keyword], schema);
      this.#path.pop();
    }
    if (model.type === "array" && model.items === undefined) {
      model.items = {};
      this.#note("array-items");
    }
    return model;
  }

  #notAMap(schema: unknown): JsonObject {
    if (typeof schema === "boolean") {
      this.#note("schema-boolean", String(schema));
      return schema ? {} : { not: {} };
    }
    // AWS's own exports write `null` for the schema {type: "null"} (cloudformation-cli#808).
    if (schema === null) this.#wider("nullable", "The schema is null");
    else this.#wider("schema-value", "schema", JSON.stringify(schema), "a map");
    return {};
  }

  #keyword(model: JsonObject, keyword: string, value: unknown, schema: JsonObject): void {
    const check = valueCheckOf(keyword);
    if (keyword === "required" && typeof value === "boolean") {
      this.#note("required-in-property", String(value));
    } else if (check && !check.fits(value)) {
      this.#wider("schema-value", keyword, JSON.stringify(value) ?? "missing", check.wanted);
    } else this.#checked(model, keyword, value, schema);
  }

  #checked(model: JsonObject, keyword: string, value: unknown, schema: JsonObject): void {
    switch (keyword) {
      case "type":
        this.#type(model, value);
        break;
      case "properties":
        model.properties = this.#map(value as JsonObject);
        break;
      case "items":
        model.items = Object.hasOwn(schema, "prefixItems") ? {} : this.convert(value);
        break;
      case "not":
        this.#not(model, value);
        break;
      case "additionalProperties":
        this.#additionalProperties(model, value, schema);
        break;
      case "allOf":
      case "anyOf":
      case "oneOf":
        this.#list(model, keyword, value as unknown[]);
        break;
      case "enum":
        this.#enum(model, value as unknown[]);
        break;
      case "const":
        this.#constant(model, value);
        break;
      case "required":
        this.#required(model, value as unknown[], schema);
        break;
      case "format":
        model.format = value;
        if (NUMBER_FORMATS.has(value)) this.#note("number-format", String(value));
        break;
      case "pattern":
        this.#pattern(model, String(value));
        break;
      case "exclusiveMinimum":
        this.#exclusive(model, "minimum", value);
        break;
      case "exclusiveMaximum":
        this.#exclusive(model, "maximum", value);
        break;
      case "minimum":
      case "maximum":
        this.#bound(model, keyword, Number(value));
        break;
      case "nullable":
        if (value === true) this.#note("nullable", "The schema is nullable");
        break;
      case "discriminator":
        this.#note("discriminator");
        break;
      default:
        this.#plain(model, keyword, value);
        break;
    }
  }

  #plain(model: JsonObject, keyword: string, value: unknown): void {
    const use = useOf(keyword);
    if (use === "kept") model[keyword] = value;
    else if (use === "limit") this.#wider("schema-keyword", keyword);
    else this.#note("schema-note", keyword);
  }

  #type(model: JsonObject, value: unknown): void {
    const types: unknown[] = Array.isArray(value) ? value.filter((type) => type !== "null") : [value];
    const known = [...new Set(types.filter((type) => DRAFT4_TYPES.has(type)))];
    if (value === "null") {
      this.#wider("nullable", 'The type is "null"');
      return;
    }
    if (Array.isArray(value)) this.#note("type-array", JSON.stringify(value));
    if (types.some((type) => !DRAFT4_TYPES.has(type))) this.#wider("schema-type", JSON.stringify(value));
    else if (known.length === 1) model.type = known[0];
    else if (known.length > 1)
      and(
        model,
        "anyOf",
        known.map((type) => ({ type })),
      );
  }

  #not(model: JsonObject, value: unknown): void {
    const { result, wider } = this.#scope(() => this.convert(value));
    if (!wider) model.not = result;
    else {
      this.isWider = true;
      this.record?.compiling("not", this.#path);
    }
  }

  #additionalProperties(model: JsonObject, value: unknown, schema: JsonObject): void {
    if (Object.hasOwn(schema, "patternProperties")) this.#wider("schema-keyword", "additionalProperties");
    else model.additionalProperties = typeof value === "boolean" ? value : this.convert(value);
  }

  #map(schemas: JsonObject): JsonObject {
    const map: JsonObject = {};
    for (const name of Object.keys(schemas)) {
      this.#path.push(name);
      put(map, name, this.convert(schemas[name]));
      this.#path.pop();
    }
    return map;
  }

  #list(model: JsonObject, keyword: "allOf" | "anyOf" | "oneOf", schemas: readonly unknown[]): void {
    const members = schemas
      .map((schema, index) => ({ schema, index }))
      .filter(({ schema }) => !isNull(schema));
    if (members.length < schemas.length) this.#wider("nullable", `${keyword} has the type null`);
    const { result, wider } = this.#scope(() =>
      members.map(({ schema, index }) => this.#below(index, () => this.convert(schema))),
    );
    const [only] = result;
    if (keyword === "oneOf" && wider && result.length > 1) {
      this.isWider = true;
      this.record?.compiling("one-of", this.#path);
      and(model, "anyOf", result);
    } else if (result.length === 1 && members.length < schemas.length) and(model, "allOf", [only]);
    else if (result.length > 0) and(model, keyword, result);
  }

  #enum(model: JsonObject, value: readonly unknown[]): void {
    const texts = value.map((item) => JSON.stringify(item));
    const repeated = [...new Set(texts.filter((text, index) => texts.indexOf(text) < index))];
    const values = value.filter(
      (item, index) => item !== null && texts.indexOf(texts[index] ?? "") === index,
    );
    if (repeated.length > 0) this.#note("enum-duplicates", repeated.join(", "));
    if (value.includes(null)) this.#wider("nullable", "The enum has null");
    if (values.length > 0) and(model, "enum", values);
  }

  #constant(model: JsonObject, value: unknown): void {
    if (value === null) {
      this.#wider("nullable", "The const is null");
      return;
    }
    this.#note("schema-const");
    and(model, "enum", [value]);
  }

  #required(model: JsonObject, value: readonly unknown[], schema: JsonObject): void {
    const properties = objectAt(schema, "properties") ?? {};
    const needed = value.filter((name): name is string => {
      const isReadOnly = objectAt(properties, typeof name === "string" ? name : "")?.readOnly === true;
      return typeof name === "string" && !(this.options.validating && isReadOnly);
    });
    const names = [...new Set(needed)];
    if (names.length > 0) model.required = names;
    if (names.length < new Set(value).size) this.isWider = true;
    if (names.length < value.length || value.length === 0) this.#note("required", JSON.stringify(names));
  }

  #pattern(model: JsonObject, pattern: string): void {
    if (isEcmaPattern(pattern)) model.pattern = pattern;
    else this.#wider("schema-pattern", JSON.stringify(pattern));
  }

  #bound(model: JsonObject, bound: "minimum" | "maximum", value: number): void {
    const other = model[bound];
    const tighter = bound === "minimum" ? Math.max : Math.min;
    model[bound] = typeof other === "number" ? tighter(value, other) : value;
  }

  /** 3.1 has a number, 3.0 a boolean beside the bound. */
  #exclusive(model: JsonObject, bound: "minimum" | "maximum", value: unknown): void {
    if (typeof value === "number") this.#bound(model, bound, value);
    this.#wider("exclusive-bound", bound === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum");
  }

  #reference(schema: JsonObject, ref: string): JsonObject {
    this.references.add(ref);
    const target = this.record ? this.models.reference(ref, this.#path) : { name: "" };
    if (target === "missing") return {};
    const reference = target === "any value" ? {} : { $ref: MODEL + target.name };
    const { $ref: _, ...beside } = schema;
    const keywords = Object.keys(beside);
    const limits = keywords.some(
      (keyword) => !["description", "title"].includes(keyword) && useOf(keyword) !== "note",
    );
    if (limits && this.options.version === "3.1") return { allOf: [reference, this.convert(beside)] };
    if (keywords.length > 0) {
      this.#note("reference-siblings", keywords.map((keyword) => `"${keyword}"`).join(", "));
    }
    return reference;
  }

  /** Runs a part of the conversion, and says whether its model accepts more than its schema, references included. */
  #scope<T>(action: () => T): { result: T; wider: boolean } {
    const { isWider, references } = this;
    this.isWider = false;
    this.references = new Set();
    const result = action();
    // A trial looks at the references itself: following them here would not end where schemas refer to themselves.
    const wider =
      this.isWider ||
      (this.record !== undefined && [...this.references].some((ref) => this.models.isWider(ref)));
    this.isWider ||= isWider;
    for (const ref of references) this.references.add(ref);
    return { result, wider: wider && this.options.validating };
  }

  #below<T>(key: Key, action: () => T): T {
    this.#path.push(key);
    const result = action();
    this.#path.pop();
    return result;
  }

  #note<Id extends RuleId>(rule: Id, ...facts: FactsOf<Id>): void {
    this.record?.add(rule, this.#path, ...facts);
  }

  /** A note on something for which the model accepts more than the schema. */
  #wider<Id extends RuleId>(rule: Id, ...facts: FactsOf<Id>): void {
    this.isWider = true;
    this.#note(rule, ...facts);
  }
}

/** Adds a keyword; where the model has it already, both have to hold. */
function and(model: JsonObject, keyword: string, value: unknown[]): void {
  if (keyword === "allOf") model.allOf = [...((model.allOf as unknown[]) ?? []), ...value];
  else if (model[keyword] === undefined) model[keyword] = value;
  else model.allOf = [...((model.allOf as unknown[]) ?? []), { [keyword]: value }];
}

function isEcmaPattern(pattern: string): boolean {
  for (const flags of ["u", ""]) {
    try {
      new RegExp(pattern, flags);
      return true;
    } catch {
      // Some patterns are only valid without the flag.
    }
  }
  return false;
}

/** The schema of null alone. */
function isNull(schema: unknown): boolean {
  return schema === null || (isObject(schema) && schema.type === "null");
}

export function isNullable(schema: JsonObject): boolean {
  if (schema.nullable === true || isNull(schema) || schema.const === null) return true;
  if (Array.isArray(schema.type) && schema.type.includes("null")) return true;
  if (Array.isArray(schema.enum) && schema.enum.includes(null)) return true;
  return ["anyOf", "oneOf"].some((keyword) => {
    const members = schema[keyword];
    return Array.isArray(members) && members.some(isNull);
  });
}
