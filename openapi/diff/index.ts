import { prop } from "../../lib/json";
import type { SpecDocument } from "../document";
import { INTEGRATION, type Operation, operationName, operationsOf } from "../operations";
import { shapeOf } from "../rest-api/path-template";
import { describeIntegration } from "../routes";
import { accessOf, compareAccess, compareAuthorizers, comparePolicies } from "./access";
import type { Difference, Kind } from "./difference";
import { MethodComparison } from "./methods";
import { SchemaComparison } from "./schemas";

/**
 * What changes for callers between two specs or definitions. Routes are the same when method and shape of the path
 * are; the names of variables don't count.
 */
export function diff(before: SpecDocument, after: SpecDocument): Difference[] {
  const differences: Difference[] = [];
  const add = (kind: Kind, route: string, message: string, breaking: boolean) =>
    differences.push({ kind, route, message, breaking, weakened: kind === "access-weakened" });
  const old = byShape(operationsOf(before));
  const now = byShape(operationsOf(after));
  const methods = new MethodComparison(before, after, new SchemaComparison(before, after));
  for (const [shape, operation] of old) {
    const route = operationName(operation);
    const other = now.get(shape);
    if (!other) {
      add("route-removed", route, "removed", true);
      continue;
    }
    const access = compareAccess(accessOf(before.root, operation.value), accessOf(after.root, other.value));
    if (access) add(access.kind, route, access.message, access.kind === "access-tightened");
    methods.run(operation, other, (kind, message, breaking) => add(kind, route, message, breaking));
    compareIntegrations(operation, other, (message) => add("integration", route, message, false));
  }
  for (const [shape, operation] of now) {
    if (old.has(shape)) continue;
    const access = accessOf(after.root, operation.value);
    add("route-added", operationName(operation), `added, access ${access.text}`, false);
  }
  const policy = comparePolicies(before.root, after.root);
  for (const { kind, message } of [
    ...compareAuthorizers(before.root, after.root),
    ...(policy ? [policy] : []),
  ]) {
    add(kind, "all", message, kind === "access-tightened");
  }
  return differences;
}

function byShape(operations: readonly Operation[]): Map<string, Operation> {
  return new Map(
    operations.map((operation) => [`${operation.method} ${shapeOf(operation.template)}`, operation]),
  );
}

function compareIntegrations(before: Operation, after: Operation, add: (message: string) => void): void {
  const old = prop(before.value, INTEGRATION);
  const now = prop(after.value, INTEGRATION);
  if (old === undefined || now === undefined) return;
  if (describeIntegration(old) !== describeIntegration(now)) {
    add(`goes to ${describeIntegration(now)} instead of ${describeIntegration(old)}`);
  }
  const timeout = (integration: unknown) => prop(integration, "timeoutInMillis") ?? 29_000;
  if (timeout(old) !== timeout(now)) add(`times out after ${timeout(now)} ms instead of ${timeout(old)}`);
}
