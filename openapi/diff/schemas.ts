import {
  arrayAt,
  canonical,
  isObject,
  type JsonObject,
  objectAt,
  prop,
  stringAt,
  strings,
} from "../../lib/json";
import type { SpecDocument } from "../document";

/** A request's schema must not become narrower, a response's must not become wider. */
export type Direction = "request" | "response";
/** Receives one difference; `breaking` is from the callers' view */
export type SchemaNote = (message: string, breaking: boolean) => void;

/** A schema merged with its allOf, as far as it is compared. */
interface Flat {
  types: Set<string>;
  enum: Set<string> | undefined;
  properties: Map<string, unknown>;
  required: Set<string>;
  items: unknown;
  alternatives: unknown[];
  limits: Map<string, number>;
  pattern: string | undefined;
  format: string | undefined;
  /** additionalProperties: false */
  closed: boolean;
  /** The schema of additionalProperties */
  others: unknown;
  unique: boolean;
  multipleOf: number | undefined;
}

const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/**
 * Compares two schemas for callers, and follows references. What two methods share is reported for both of them; pairs
 * that are the same, with everything below them, are not compared again.
 */
export class SchemaComparison {
  readonly #same = new Set<string>();
  /** Pairs of the current comparison */
  #visited = new Set<string>();
  readonly #ids = new Map<object, number>();

  constructor(
    private readonly before: SpecDocument,
    private readonly after: SpecDocument,
  ) {}

  run(before: unknown, after: unknown, direction: Direction, subject: string, note: SchemaNote): void {
    let notes = 0;
    this.#visited = new Set();
    this.#pair(before, after, direction, subject, (message, breaking) => {
      notes++;
      note(message, breaking);
    });
    if (notes === 0) for (const id of this.#visited) this.#same.add(id);
  }

  #pair(before: unknown, after: unknown, direction: Direction, subject: string, note: SchemaNote): void {
    if (before === undefined && after === undefined) return;
    const resolvedBefore = this.before.resolve(before, [])?.value;
    const resolvedAfter = this.after.resolve(after, [])?.value;
    const id = `${direction} ${this.#id(resolvedBefore)} ${this.#id(resolvedAfter)}`;
    if (this.#visited.has(id) || this.#same.has(id)) return;
    this.#visited.add(id);
    this.#compare(
      flatten(this.before, resolvedBefore),
      flatten(this.after, resolvedAfter),
      direction,
      subject,
      note,
    );
  }

  #id(value: unknown): number {
    if (typeof value !== "object" || value === null) return 0;
    const known = this.#ids.get(value) ?? this.#ids.size + 1;
    this.#ids.set(value, known);
    return known;
  }

  #compare(before: Flat, after: Flat, direction: Direction, subject: string, note: SchemaNote): void {
    const request = direction === "request";
    compareTypes(before, after, request, subject, note);
    compareEnums(before, after, request, subject, note);
    compareLimits(before, after, request, subject, note);
    for (const [name, schema] of before.properties) {
      const inner = `${subject}.${name}`;
      if (after.properties.has(name)) this.#pair(schema, after.properties.get(name), direction, inner, note);
      else note(`${inner} is gone`, !request || after.closed);
    }
    for (const name of after.properties.keys()) {
      if (!before.properties.has(name))
        note(
          `${subject}.${name} is new${after.required.has(name) ? " and required" : ""}`,
          request && after.required.has(name),
        );
    }
    compareRequired(before, after, request, subject, note);
    if (before.items !== undefined || after.items !== undefined)
      this.#pair(before.items ?? {}, after.items ?? {}, direction, `${subject}[]`, note);
    this.#others(before, after, direction, subject, note);
    this.#alternatives(before, after, direction, subject, note);
  }

  /** Properties that the schema does not name. */
  #others(before: Flat, after: Flat, direction: Direction, subject: string, note: SchemaNote): void {
    if (before.closed !== after.closed) {
      const message = after.closed ? "no longer accepts other properties" : "can have other properties now";
      note(`${subject} ${message}`, after.closed && direction === "request");
    } else if (before.others !== undefined || after.others !== undefined) {
      this.#pair(before.others ?? {}, after.others ?? {}, direction, `${subject}.*`, note);
    }
  }

  #alternatives(before: Flat, after: Flat, direction: Direction, subject: string, note: SchemaNote): void {
    const { length } = before.alternatives;
    if (length === after.alternatives.length) {
      for (const [index, schema] of before.alternatives.entries()) {
        this.#pair(schema, after.alternatives[index], direction, subject, note);
      }
    } else if (length > 0 && after.alternatives.length > 0) {
      const fewer = after.alternatives.length < length;
      note(
        `${subject} has ${after.alternatives.length} alternatives instead of ${length}`,
        (direction === "request") === fewer,
      );
    } else {
      note(`${subject} has ${length === 0 ? "alternatives now" : "no alternatives anymore"}`, true);
    }
  }
}

function flatten(document: SpecDocument, schema: unknown): Flat {
  const flat: Flat = {
    types: new Set(),
    enum: undefined,
    properties: new Map(),
    required: new Set(),
    items: undefined,
    alternatives: [],
    limits: new Map(),
    pattern: undefined,
    format: undefined,
    closed: false,
    others: undefined,
    unique: false,
    multipleOf: undefined,
  };
  merge(document, schema, flat, new Set());
  return flat;
}

function merge(document: SpecDocument, schema: unknown, flat: Flat, seen: Set<unknown>): void {
  const value = document.resolve(schema, [])?.value;
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  for (const type of typesOf(value)) flat.types.add(type);
  if (Array.isArray(value.enum)) flat.enum = new Set(value.enum.map((item) => canonical(item)));
  else if (Object.hasOwn(value, "const")) flat.enum = new Set([canonical(value.const)]);
  for (const [name, property] of Object.entries(objectAt(value, "properties") ?? {}))
    flat.properties.set(name, property);
  for (const name of strings(value.required)) flat.required.add(name);
  if (Object.hasOwn(value, "items")) flat.items = value.items;
  flat.alternatives.push(...arrayAt(value, "oneOf"), ...arrayAt(value, "anyOf"));
  for (const key of [...LOWER, ...UPPER]) {
    const limit = prop(value, key);
    if (typeof limit === "number") flat.limits.set(key, limit);
  }
  flat.pattern = stringAt(value, "pattern") ?? flat.pattern;
  flat.format = stringAt(value, "format") ?? flat.format;
  flat.closed ||= value.additionalProperties === false;
  if (isObject(value.additionalProperties)) flat.others = value.additionalProperties;
  flat.unique ||= value.uniqueItems === true;
  if (typeof value.multipleOf === "number") flat.multipleOf = value.multipleOf;
  for (const member of arrayAt(value, "allOf")) merge(document, member, flat, seen);
}

function typesOf(schema: JsonObject): string[] {
  const declared = Array.isArray(schema.type)
    ? schema.type.map(String)
    : typeof schema.type === "string"
      ? [schema.type]
      : [];
  return declared.length > 0 && schema.nullable === true ? [...declared, "null"] : declared;
}

function compareTypes(before: Flat, after: Flat, request: boolean, subject: string, note: SchemaNote): void {
  if (sameSet(before.types, after.types)) {
    if (before.format !== after.format)
      note(
        `${subject} has the format ${after.format ?? "none"} instead of ${before.format ?? "none"}`,
        false,
      );
    return;
  }
  const lost = fits(before.types, after.types);
  const gained = fits(after.types, before.types);
  const text = (types: Set<string>) => [...types].join(" or ") || "anything";
  note(`${subject} is ${text(after.types)} instead of ${text(before.types)}`, request ? !lost : !gained);
}

/** Whether every type on the left is accepted on the right; no types means any. */
function fits(left: Set<string>, right: Set<string>): boolean {
  if (right.size === 0) return true;
  if (left.size === 0) return false;
  return [...left].every((type) => right.has(type) || (type === "integer" && right.has("number")));
}

function compareEnums(before: Flat, after: Flat, request: boolean, subject: string, note: SchemaNote): void {
  if (!before.enum && !after.enum) return;
  if (!before.enum || !after.enum) {
    if (after.enum) note(`${subject} accepts only certain values now`, request);
    else note(`${subject} accepts any value now`, !request);
    return;
  }
  const gone = [...before.enum].filter((value) => !after.enum?.has(value));
  const added = [...after.enum].filter((value) => !before.enum?.has(value));
  if (gone.length > 0) note(`${subject} can no longer be ${gone.join(", ")}`, request);
  // A new value in a response only affects callers that list all values.
  if (added.length > 0) note(`${subject} can be ${added.join(", ")} now`, false);
}

function compareLimits(before: Flat, after: Flat, request: boolean, subject: string, note: SchemaNote): void {
  for (const key of [...LOWER, ...UPPER]) {
    const limitBefore = before.limits.get(key);
    const limitAfter = after.limits.get(key);
    if (limitBefore === limitAfter) continue;
    const lower = LOWER.includes(key);
    const open = lower ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const tighter = lower
      ? (limitAfter ?? open) > (limitBefore ?? open)
      : (limitAfter ?? open) < (limitBefore ?? open);
    note(
      `${subject} has ${key} ${limitAfter ?? "none"} instead of ${limitBefore ?? "none"}`,
      request && tighter,
    );
  }
  if (before.unique !== after.unique)
    note(
      `${subject} ${after.unique ? "accepts each item once now" : "can repeat items now"}`,
      request && after.unique,
    );
  if (before.multipleOf !== after.multipleOf) {
    const wider =
      after.multipleOf === undefined || (before.multipleOf ?? Number.NaN) % after.multipleOf === 0;
    const text = `multipleOf ${after.multipleOf ?? "none"} instead of ${before.multipleOf ?? "none"}`;
    note(`${subject} has ${text}`, request && !wider);
  }
  if (before.pattern !== after.pattern) {
    note(
      `${subject} has the pattern ${after.pattern ?? "none"} instead of ${before.pattern ?? "none"}`,
      request && after.pattern !== undefined,
    );
  }
}

function compareRequired(
  before: Flat,
  after: Flat,
  request: boolean,
  subject: string,
  note: SchemaNote,
): void {
  for (const name of after.required) {
    if (!before.required.has(name) && before.properties.has(name))
      note(`${subject}.${name} is required now`, request);
  }
  for (const name of before.required) {
    if (!after.required.has(name) && after.properties.has(name))
      note(`${subject}.${name} is optional now`, !request);
  }
}

function sameSet(left: Set<string>, right: Set<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}
