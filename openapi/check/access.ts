import { type JsonObject, objectAt, stringAt } from "../../lib/json";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { securityNames } from "../routes";
import { listed, requirementsOf, ScopeGroups, scopesOf, WRITES } from "../scopes";

/** Scopes that no authorizer checks, as one finding for each set of them. */
export function checkScopes(operations: readonly Operation[], record: Recorder): void {
  const { root } = record.document;
  const schemes = objectAt(objectAt(root, "components"), "securitySchemes") ?? {};
  const groups = new ScopeGroups();
  for (const operation of operations) {
    if (operation.method === "OPTIONS") continue;
    const { value, path } = requirementsOf(root, operation);
    groups.add(
      operation,
      path,
      scopesOf(value, (name) => !isCognito(objectAt(schemes, name))),
      "",
    );
  }
  for (const { path, scopes, names } of groups.all()) {
    record.add("unenforced-scopes", path, scopes, listed(names));
  }
}

function isCognito(scheme: JsonObject | undefined): boolean {
  return stringAt(scheme, "x-amazon-apigateway-authtype")?.toLowerCase() === "cognito_user_pools";
}

/**
 * Access that looks unintended when the methods of the API are compared with each other. ANY is not compared: it
 * stands for reads and writes alike, and usually is the catch-all.
 */
export function checkAccess(operations: readonly Operation[], record: Recorder): void {
  const rows = operations
    .filter(({ method }) => method !== "ANY")
    .map((operation) => ({ operation, names: namesOf(record, operation) }));
  const protectedRows = rows.filter(({ names }) => names.length > 0);
  for (const { operation, names } of rows) {
    const { path, method } = operation;
    const name = operationName(operation);
    record.operation = name;
    if (method === "OPTIONS" && names.length > 0) {
      record.add("options-authorizer", path, name, names.join(" and "));
    }
    if (WRITES.has(method) && names.length === 0 && protectedRows.length > 0) {
      record.add("public-write", path, name);
    }
  }
  checkWeakWrites(protectedRows, record);
  record.operation = undefined;
}

/** A write with an authorizer that otherwise guards reads, in an API whose other writes have another. */
function checkWeakWrites(rows: readonly { operation: Operation; names: string[] }[], record: Recorder): void {
  const reads = new Set(
    rows.filter(({ operation }) => operation.method === "GET").flatMap(({ names }) => names),
  );
  const writes = rows.filter(({ operation }) => WRITES.has(operation.method));
  const stronger = writes.some(({ names }) => names.some((name) => !reads.has(name)));
  if (!stronger) return;
  for (const { operation, names } of writes) {
    if (!names.every((name) => reads.has(name))) continue;
    record.operation = operationName(operation);
    record.add("weak-write", operation.path, record.operation, names.join(" and "));
  }
}

function namesOf({ document: { root } }: Recorder, operation: Operation): string[] {
  return securityNames(requirementsOf(root, operation).value);
}
