import { own } from "../../lib/json";
import type { SpecDocument } from "../document";
import { INTEGRATION, type Operation, operationName } from "../operations";
import { functionName, securityNames } from "../routes";
import type { Report } from "./report";

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Access that looks unintended when one compares the methods of the API with each other. */
export function checkAccess(document: SpecDocument, operations: readonly Operation[], report: Report): void {
  const rows = operations
    .filter(({ value }) => !answersNotFound(value))
    .map((operation) => ({ operation, names: namesOf(document, operation) }));
  const protectedRows = rows.filter(({ names }) => names.length > 0);
  for (const { operation, names } of rows) {
    const path = operation.path;
    if (operation.method === "OPTIONS" && names.length > 0) {
      report.add("options-authorizer", path, `${operationName(operation)} needs ${names.join(" and ")}.`);
    }
    if (WRITES.has(operation.method) && names.length === 0 && protectedRows.length > 0) {
      report.add("public-write", path, `${operationName(operation)} has no authorizer.`);
    }
  }
  checkWeakWrites(protectedRows, report);
}

/** A write with an authorizer that otherwise guards reads, in an API whose other writes have their own. */
function checkWeakWrites(rows: readonly { operation: Operation; names: string[] }[], report: Report): void {
  const reads = new Set(
    rows.filter(({ operation }) => operation.method === "GET").flatMap(({ names }) => names),
  );
  const writes = rows.filter(({ operation }) => WRITES.has(operation.method));
  const stronger = writes.some(({ names }) => names.some((name) => !reads.has(name)));
  if (!stronger) return;
  for (const { operation, names } of writes) {
    if (!names.every((name) => reads.has(name))) continue;
    report.add(
      "weak-write",
      operation.path,
      `${operationName(operation)} needs ${names.join(" and ")} only.`,
    );
  }
}

function namesOf({ root }: SpecDocument, { value }: Operation): string[] {
  return securityNames(Object.hasOwn(value, "security") ? value.security : own(root, "security"));
}

/** A Lambda function whose name says that it answers 404. */
export function answersNotFound(method: unknown): boolean {
  const uri = own(own(method, INTEGRATION), "uri");
  return typeof uri === "string" && /404|not-?_?found/i.test(functionName(uri) ?? "");
}
