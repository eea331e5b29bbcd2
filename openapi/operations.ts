import {
  isObject,
  type JsonObject,
  type Key,
  own,
  ownArray,
  ownObject,
  ownString,
  type Path,
} from "../lib/json";
import { pathItems, type SpecDocument } from "./document";

/** The methods of OpenAPI, in the order of API Gateway's console. */
export const METHODS = ["get", "post", "put", "delete", "patch", "head", "options", "trace"] as const;
export type Method = (typeof METHODS)[number];
export const ANY_METHOD = "x-amazon-apigateway-any-method";
export const INTEGRATION = "x-amazon-apigateway-integration";
const KEYS = new Set<string>([...METHODS, ANY_METHOD]);

export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  value: JsonObject;
  path: Path;
}

export interface Operation {
  /** As in the document: "get", or "x-amazon-apigateway-any-method" */
  key: string;
  /** "GET", or "ANY" */
  method: string;
  template: string;
  value: JsonObject;
  /** Where the operation stands */
  path: Path;
  /** The path item's parameters with the operation's own over them; references resolved */
  parameters: Parameter[];
}

const OPERATIONS = new WeakMap<SpecDocument, readonly Operation[]>();

/** All the operations, in the document's order; every step asks for them, so they are gathered once. */
export function operationsOf(document: SpecDocument): readonly Operation[] {
  let operations = OPERATIONS.get(document);
  if (!operations) {
    operations = gatherOperations(document);
    OPERATIONS.set(document, operations);
  }
  return operations;
}

function gatherOperations(document: SpecDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [template, item, itemPath] of pathItems(document)) {
    const shared = parametersOf(document, item, itemPath);
    for (const [key, value] of Object.entries(item)) {
      if (!KEYS.has(key) || !isObject(value)) continue;
      const path = [...itemPath, key];
      const parameters = mergeParameters(shared, parametersOf(document, value, path));
      operations.push({ key, method: methodName(key), template, value, path, parameters });
    }
  }
  return operations;
}

export function methodName(key: string): string {
  return key === ANY_METHOD ? "ANY" : key.toUpperCase();
}

export function methodKey(name: string): string {
  return name === "ANY" ? ANY_METHOD : name.toLowerCase();
}

/** "GET /entities/{id}": how settings, findings and reports name an operation. */
export function operationName(operation: { method: string; template: string }): string {
  return `${operation.method} ${operation.template}`;
}

function parametersOf(document: SpecDocument, owner: JsonObject, path: Path): Parameter[] {
  const parameters: Parameter[] = [];
  for (const [index, entry] of ownArray(owner, "parameters").entries()) {
    const resolved = document.resolve(entry, [...path, "parameters", index]);
    if (!resolved || !isObject(resolved.value)) continue;
    const name = ownString(resolved.value, "name");
    const place = ownString(resolved.value, "in");
    if (name === undefined || place === undefined) continue;
    const required = own(resolved.value, "required") === true;
    parameters.push({ name, in: place, required, value: resolved.value, path: resolved.path });
  }
  return parameters;
}

function mergeParameters(shared: readonly Parameter[], own: readonly Parameter[]): Parameter[] {
  if (shared.length === 0 && own.length < 2) return [...own];
  const merged = new Map<string, Parameter>();
  for (const parameter of [...shared, ...own]) merged.set(`${parameter.in} ${parameter.name}`, parameter);
  return [...merged.values()];
}

/** References in path items and operations that lead nowhere, or to something that can't stand there. */
export function danglingReferences(document: SpecDocument): { ref: string; path: Path }[] {
  const found: { ref: string; path: Path }[] = [];
  const look = (value: unknown, owner: Path, ...keys: Key[]) => {
    const ref = ownString(value, "$ref");
    if (ref === undefined || isObject(document.resolve(value, owner)?.value)) return;
    found.push({ ref, path: [...owner, ...keys] });
  };
  const lookAtParameters = (owner: JsonObject, path: Path) => {
    for (const [index, entry] of ownArray(owner, "parameters").entries())
      look(entry, path, "parameters", index);
  };
  for (const [template, item] of Object.entries(ownObject(document.root, "paths") ?? {})) {
    look(item, ["paths"], template);
  }
  for (const [, item, path] of pathItems(document)) lookAtParameters(item, path);
  for (const { value, path } of operationsOf(document)) {
    lookAtParameters(value, path);
    look(value.requestBody, path, "requestBody");
    const responses = ownObject(value, "responses") ?? {};
    for (const status of Object.keys(responses)) look(responses[status], path, "responses", status);
  }
  return found;
}
