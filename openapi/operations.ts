import {
  arrayAt,
  isObject,
  type JsonObject,
  type Key,
  objectAt,
  type Path,
  prop,
  stringAt,
} from "../lib/json";
import { pathItems, type SpecDocument } from "./document";
import { METHODS } from "./rest-api/constraints";

/** The methods of OpenAPI: API Gateway's, TRACE, and QUERY of 3.2. */
export const METHOD_KEYS: readonly string[] = [
  ...METHODS.map((method) => method.toLowerCase()),
  "trace",
  "query",
];
export const ANY_METHOD = "x-amazon-apigateway-any-method";
export const INTEGRATION = "x-amazon-apigateway-integration";
/** The keys of a path item that are operations */
export const OPERATION_KEYS: ReadonlySet<string> = new Set([...METHOD_KEYS, ANY_METHOD]);

/** What API Gateway's export writes for a response that says nothing */
export const NO_RESPONSES: JsonObject = { "200": { description: "200 response" } };

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
  path: Path;
  /** The path item's parameters, replaced by the operation's of the same name; references resolved */
  parameters: Parameter[];
}

/** All the operations, in the document's order. */
export function operationsOf(document: SpecDocument): readonly Operation[] {
  return document.once(gatherOperations);
}

function gatherOperations(document: SpecDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [template, item, itemPath] of pathItems(document)) {
    const shared = parametersOf(document, item, itemPath);
    for (const [key, value] of Object.entries(item)) {
      if (!OPERATION_KEYS.has(key) || !isObject(value)) continue;
      const path = [...itemPath, key];
      const parameters = mergeParameters(shared, parametersOf(document, value, path));
      operations.push({ key, method: methodName(key), template, value, path, parameters });
    }
    // OpenAPI 3.2: methods without a key of their own
    for (const [method, value] of Object.entries(objectAt(item, "additionalOperations") ?? {})) {
      const path = [...itemPath, "additionalOperations", method];
      if (isObject(value))
        operations.push({ key: method, method, template, value, path, parameters: shared });
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
  for (const [index, entry] of arrayAt(owner, "parameters").entries()) {
    const resolved = document.resolve(entry, [...path, "parameters", index]);
    if (!resolved || !isObject(resolved.value)) continue;
    const name = stringAt(resolved.value, "name");
    const location = stringAt(resolved.value, "in");
    if (name === undefined || location === undefined) continue;
    const required = prop(resolved.value, "required") === true;
    parameters.push({ name, in: location, required, value: resolved.value, path: resolved.path });
  }
  return parameters;
}

function mergeParameters(shared: readonly Parameter[], direct: readonly Parameter[]): Parameter[] {
  if (shared.length === 0 && direct.length < 2) return [...direct];
  const merged = new Map<string, Parameter>();
  for (const parameter of [...shared, ...direct]) merged.set(`${parameter.in} ${parameter.name}`, parameter);
  return [...merged.values()];
}

/** References in path items and operations without a target, or whose target is not a map. */
export function danglingReferences(document: SpecDocument): { ref: string; path: Path }[] {
  const found: { ref: string; path: Path }[] = [];
  const look = (value: unknown, owner: Path, ...keys: Key[]) => {
    const ref = stringAt(value, "$ref");
    if (ref === undefined || isObject(document.resolve(value, owner)?.value)) return;
    found.push({ ref, path: [...owner, ...keys] });
  };
  const lookAtParameters = (owner: JsonObject, path: Path) => {
    for (const [index, entry] of arrayAt(owner, "parameters").entries())
      look(entry, path, "parameters", index);
  };
  for (const [template, item] of Object.entries(objectAt(document.root, "paths") ?? {})) {
    look(item, ["paths"], template);
  }
  for (const [, item, path] of pathItems(document)) lookAtParameters(item, path);
  for (const { value, path } of operationsOf(document)) {
    lookAtParameters(value, path);
    look(value.requestBody, path, "requestBody");
    const responses = objectAt(value, "responses") ?? {};
    for (const status of Object.keys(responses)) look(responses[status], path, "responses", status);
  }
  return found;
}
