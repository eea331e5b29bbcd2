import { isObject, type JsonObject, type Key, objectAt, type Path, prop } from "../lib/json";
import type { SpecDocument } from "./document";
import { OPERATION_KEYS } from "./operations";

/** A part of a document that is not of the kind that OpenAPI requires. */
export interface WrongPart {
  path: Path;
  /** "get/parameters" */
  part: string;
  /** "a list" */
  wanted: string;
  /** "is 5" */
  actual: string;
}

const SECTIONS = ["schemas", "parameters", "responses", "requestBodies", "securitySchemes"];
/** Sections that can have no value */
const EMPTY: ReadonlySet<string> = new Set(["components", "responses", "content", "headers", ...SECTIONS]);
const NONE: readonly unknown[] = [];

/**
 * Paths, operations, parameters, bodies, responses and schemas that are not a map (or list) where they have to be one.
 * Every later step skips them, so they would be lost silently. Responses, headers and media types without a value are
 * `empty`: they are treated as {}, as js-yaml's users expect.
 */
export function structureOf(document: SpecDocument): Pick<Structure, "wrong" | "empty"> {
  return document.once(inspect);
}

function inspect({ root }: SpecDocument): Structure {
  const structure = new Structure();
  structure.document(root);
  return structure;
}

class Structure {
  readonly wrong: WrongPart[] = [];
  readonly empty: { path: Path; part: string }[] = [];
  /** The path that the walk has reached */
  readonly #path: Key[] = [];

  document(root: JsonObject): void {
    this.#list(root, "security");
    const components = this.#map(root, "components");
    if (components) {
      for (const section of SECTIONS) this.#below("components", () => this.#maps(components, section));
    }
    const paths = objectAt(root, "paths") ?? {};
    this.#below("paths", () => {
      for (const template of Object.keys(paths)) {
        // A path without a value loses nothing.
        if (template.startsWith("x-") || paths[template] === null) continue;
        const item = this.#map(paths, template);
        if (item) this.#below(template, () => this.#pathItem(item));
      }
    });
  }

  #pathItem(item: JsonObject): void {
    this.#parameters(item);
    for (const key of Object.keys(item)) {
      if (!OPERATION_KEYS.has(key)) continue;
      const operation = this.#map(item, key);
      if (operation) this.#below(key, () => this.#operation(operation));
    }
  }

  #operation(operation: JsonObject): void {
    this.#parameters(operation);
    this.#list(operation, "security");
    this.#list(operation, "tags");
    const body = this.#map(operation, "requestBody");
    if (body) this.#below("requestBody", () => this.#maps(body, "content"));
    const responses = this.#map(operation, "responses");
    if (responses) this.#below("responses", () => this.#responses(responses));
  }

  #responses(responses: JsonObject): void {
    for (const status of Object.keys(responses)) {
      if (responses[status] === null) this.#empty(status);
      const response =
        status.startsWith("x-") || responses[status] === null ? undefined : this.#map(responses, status);
      if (!response) continue;
      this.#below(status, () => {
        this.#maps(response, "headers");
        this.#maps(response, "content");
      });
    }
  }

  #parameters(owner: JsonObject): void {
    const parameters = this.#list(owner, "parameters");
    if (parameters.length === 0) return;
    this.#below("parameters", () => {
      for (const [index, parameter] of parameters.entries()) {
        if (!isObject(parameter)) this.#add(index, "a map", parameter);
        else if (!Object.hasOwn(parameter, "$ref")) this.#below(index, () => this.#named(parameter));
      }
    });
  }

  #named(parameter: JsonObject): void {
    for (const key of ["name", "in"]) {
      const value = prop(parameter, key);
      if (typeof value !== "string") this.#add(key, "a string", value);
    }
  }

  /** The list under the key; an empty one when there is none. */
  #list(owner: JsonObject, key: string): readonly unknown[] {
    const value = prop(owner, key);
    if (Array.isArray(value)) return value;
    if (value !== undefined && value !== null) this.#add(key, "a list", value);
    return NONE;
  }

  #map(owner: JsonObject, key: string): JsonObject | undefined {
    const value = prop(owner, key);
    if (isObject(value)) return value;
    if (value !== undefined && (value !== null || !EMPTY.has(key))) this.#add(key, "a map", value);
    return undefined;
  }

  /** A map of maps; `true` and `false` are schemas too. */
  #maps(owner: JsonObject, key: string): void {
    const entries = this.#map(owner, key);
    if (!entries) return;
    for (const name of Object.keys(entries)) {
      const value = prop(entries, name);
      if (isObject(value) || (key === "schemas" && typeof value === "boolean")) continue;
      if (value === null && (key === "content" || key === "headers")) {
        this.#below(key, () => this.#empty(name));
        continue;
      }
      this.#below(key, () => this.#add(name, "a map", value));
    }
  }

  #empty(key: Key): void {
    const path = [...this.#path, key];
    this.empty.push({ path, part: path.slice(-2).join("/") });
  }

  #below(key: Key, action: () => void): void {
    this.#path.push(key);
    action();
    this.#path.pop();
  }

  #add(key: Key, wanted: string, value: unknown): void {
    const path = [...this.#path, key];
    const actual = value === undefined ? "is missing" : `is ${JSON.stringify(value).slice(0, 60)}`;
    this.wrong.push({ path, part: path.slice(-2).join("/"), wanted, actual });
  }
}
