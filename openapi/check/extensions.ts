import { isObject, type JsonObject, objectAt, type Path, prop, stringAt } from "../../lib/json";
import { nearest } from "../../lib/nearest";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import {
  OPERATION_EXTENSIONS,
  ROOT_EXTENSIONS,
  SCHEME_EXTENSIONS,
  type Shape,
  type ShapeProblem,
  shapeProblems,
} from "../rest-api/extensions";

const PREFIX = "x-amazon-apigateway-";
const KNOWN = [
  ...new Set(
    [ROOT_EXTENSIONS, OPERATION_EXTENSIONS, SCHEME_EXTENSIONS].flatMap((shapes) => Object.keys(shapes)),
  ),
  `${PREFIX}any-method`,
  `${PREFIX}importexport-version`,
  `${PREFIX}cors`,
];

/** The x-amazon-apigateway-* of the document, its operations and its security schemes: names, members and values. */
export function checkExtensions(operations: readonly Operation[], record: Recorder): void {
  const { root } = record.document;
  checkOwner("The document", root, [], ROOT_EXTENSIONS, record);
  for (const operation of operations) {
    record.operation = operationName(operation);
    checkOwner(record.operation, operation.value, operation.path, OPERATION_EXTENSIONS, record);
    checkValidator(record.operation, operation.value, operation.path, record);
  }
  record.operation = undefined;
  checkValidator("The document", root, [], record);
  const schemes = objectAt(objectAt(root, "components"), "securitySchemes") ?? {};
  for (const [name, scheme] of Object.entries(schemes)) {
    const path = ["components", "securitySchemes", name];
    const owner = `The security scheme "${name}"`;
    if (isObject(scheme)) checkOwner(owner, scheme, path, SCHEME_EXTENSIONS, record);
  }
  checkSecurityPolicy(root, record);
}

function checkOwner(
  owner: string,
  value: JsonObject,
  path: Path,
  shapes: Readonly<Record<string, Shape>>,
  record: Recorder,
): void {
  for (const key of Object.keys(value).filter((name) => name.startsWith(PREFIX))) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (!shape) {
      if (!KNOWN.includes(key)) record.add("extension-name", [...path, key], owner, key, meant(key, KNOWN));
      continue;
    }
    const functions = [...cloudFormationFunctions(value[key], [])];
    for (const { path: inner, name } of functions) {
      record.add("cloudformation-function", [...path, key, ...inner], owner, [key, ...inner].join("/"), name);
    }
    for (const problem of shapeProblems(value[key], shape)) {
      const isFunction = functions.some(({ path: inner }) => inner.join("/") === problem.path.join("/"));
      if (!isFunction) report(problem, owner, value[key], [...path, key], record);
    }
  }
}

function report(
  { rule, path, expected }: ShapeProblem,
  owner: string,
  value: unknown,
  at: Path,
  record: Recorder,
): void {
  const found = path.reduce<unknown>(prop, value);
  const name = [at.at(-1), ...path].join("/");
  const [first = ""] = expected;
  if (rule === "extension-value")
    record.add(rule, [...at, ...path], owner, name, JSON.stringify(found) ?? "", first);
  else if (rule === "extension-member") record.add(rule, [...at, ...path], owner, name, first);
  else record.add(rule, [...at, ...path], owner, name, meant(path.at(-1) ?? "", expected));
}

function meant(key: string, known: string[]): string {
  const name = nearest(key, known);
  return name === undefined ? "" : `; did you mean ${name}?`;
}

function checkValidator(owner: string, value: JsonObject, path: Path, record: Recorder): void {
  const key = `${PREFIX}request-validator`;
  const name = stringAt(value, key);
  const known = objectAt(record.document.root, `${key}s`) ?? {};
  if (name !== undefined && !Object.hasOwn(known, name))
    record.add("missing-validator", [...path, key], owner, name);
}

/** "SecurityPolicy_…" policies need the endpoint access mode (guide: openapi-extensions-security-policy). */
function checkSecurityPolicy(root: JsonObject, record: Recorder): void {
  const key = `${PREFIX}security-policy`;
  const policy = stringAt(root, key);
  const mode = `${PREFIX}endpoint-access-mode`;
  if (policy?.startsWith("SecurityPolicy_") && !Object.hasOwn(root, mode)) {
    record.add("extension-member", [key], "The document", key, mode);
  }
}

/** Maps such as {"Fn::Sub": …}, which only CloudFormation resolves. */
export function* cloudFormationFunctions(
  value: unknown,
  path: string[],
): Generator<{ path: string[]; name: string }> {
  if (typeof value !== "object" || value === null) return;
  const [name = "", ...others] = Object.keys(value);
  if (!Array.isArray(value) && others.length === 0 && (/^Fn::\w+$/.test(name) || name === "Ref")) {
    yield { path, name };
    return;
  }
  for (const [key, inner] of Object.entries(value)) yield* cloudFormationFunctions(inner, [...path, key]);
}
