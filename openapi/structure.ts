import type { SpecDocument } from "./document";
import { isObject, type JsonObject, own, ownObject, type Path } from "./json";
import { ANY_METHOD, METHODS } from "./operations";

/** A part of a document that is not of the kind OpenAPI wants there. */
export interface WrongPart {
  path: Path;
  /** '"get/parameters" has to be a list, and is 5.' */
  found: string;
}

const OPERATIONS = new Set<string>([...METHODS, ANY_METHOD]);

/**
 * Paths, operations, parameters, bodies, responses and schemas that are no map (or list) where they have to be one.
 * Every later step passes over them, so they would be lost without a word.
 */
export function wrongParts(document: SpecDocument): WrongPart[] {
  const { root } = document;
  const structure = new Structure();
  structure.list(root, "security", []);
  const components = structure.map(root, "components", []);
  for (const section of ["schemas", "parameters", "responses", "requestBodies", "securitySchemes"]) {
    structure.maps(components, section, ["components"]);
  }
  for (const [template, item] of Object.entries(ownObject(root, "paths") ?? {})) {
    if (template.startsWith("x-")) continue;
    structure.pathItem(item, ["paths", template]);
  }
  return structure.wrong;
}

class Structure {
  readonly wrong: WrongPart[] = [];

  pathItem(item: unknown, path: Path): void {
    // A path that nothing is written under loses nothing.
    if (item === null || !this.#is(isObject(item), item, path, "a map")) return;
    this.#parameters(item as JsonObject, path);
    for (const key of Object.keys(item as JsonObject)) {
      if (OPERATIONS.has(key)) this.#operation((item as JsonObject)[key], [...path, key]);
    }
  }

  #operation(operation: unknown, path: Path): void {
    if (!this.#is(isObject(operation), operation, path, "a map")) return;
    this.#parameters(operation as JsonObject, path);
    this.list(operation, "security", path);
    this.list(operation, "tags", path);
    const body = this.map(operation, "requestBody", path);
    if (body) this.maps(body, "content", [...path, "requestBody"]);
    const responses = this.map(operation, "responses", path) ?? {};
    for (const status of Object.keys(responses)) {
      if (status.startsWith("x-")) continue;
      const response = this.map(responses, status, [...path, "responses"]);
      this.maps(response, "headers", [...path, "responses", status]);
      this.maps(response, "content", [...path, "responses", status]);
    }
  }

  #parameters(owner: JsonObject, path: Path): void {
    for (const [index, parameter] of this.list(owner, "parameters", path).entries()) {
      const place = [...path, "parameters", index];
      if (!this.#is(isObject(parameter), parameter, place, "a map")) continue;
      if (Object.hasOwn(parameter as JsonObject, "$ref")) continue;
      for (const key of ["name", "in"]) {
        const value = own(parameter, key);
        this.#is(typeof value === "string", value, [...place, key], `a text ("${key}" of a parameter)`);
      }
    }
  }

  /** The list under the key; an empty one when there is none. */
  list(owner: unknown, key: string, path: Path): unknown[] {
    const value = own(owner, key);
    const absent = value === undefined || value === null;
    return !absent && this.#is(Array.isArray(value), value, [...path, key], "a list")
      ? (value as unknown[])
      : [];
  }

  map(owner: unknown, key: string, path: Path): JsonObject | undefined {
    if (!isObject(owner) || !Object.hasOwn(owner, key)) return undefined;
    const value = owner[key];
    if (value === null && key !== "requestBody") return undefined;
    return this.#is(isObject(value), value, [...path, key], "a map") ? (value as JsonObject) : undefined;
  }

  /** A map of maps; `true` and `false` are schemas too. */
  maps(owner: unknown, key: string, path: Path): void {
    const entries = this.map(owner, key, path) ?? {};
    for (const name of Object.keys(entries)) {
      const value = entries[name];
      const fits = isObject(value) || (key === "schemas" && typeof value === "boolean");
      this.#is(fits, value, [...path, key, name], "a map");
    }
  }

  #is(fits: boolean, value: unknown, path: Path, wanted: string): boolean {
    if (fits) return true;
    const found = value === undefined ? "is not there" : `is ${JSON.stringify(value).slice(0, 60)}`;
    this.wrong.push({ path, found: `"${path.slice(-2).join("/")}" has to be ${wanted}, and ${found}.` });
    return false;
  }
}
