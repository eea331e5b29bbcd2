import { prop } from "../../lib/json";
import { restApi } from "../../lib/quotas";
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
 * are; the names of path parameters are not compared.
 */
export function diff(before: SpecDocument, after: SpecDocument): Difference[] {
  const differences: Difference[] = [];
  const add = (kind: Kind, route: string, message: string, breaking: boolean) =>
    differences.push({ kind, route, message, breaking, weakened: kind === "access-weakened" });
  const operationsBefore = byShape(operationsOf(before));
  const operationsAfter = byShape(operationsOf(after));
  const methods = new MethodComparison(before, after, new SchemaComparison(before, after));
  for (const [shape, operation] of operationsBefore) {
    const route = operationName(operation);
    const other = operationsAfter.get(shape);
    if (!other) {
      add("route-removed", route, "removed", true);
      continue;
    }
    const access = compareAccess(accessOf(before.root, operation.value), accessOf(after.root, other.value));
    if (access) add(access.kind, route, access.message, access.kind === "access-tightened");
    methods.run(operation, other, (kind, message, breaking) => add(kind, route, message, breaking));
    compareIntegrations(operation, other, (message) => add("integration", route, message, false));
  }
  for (const [shape, operation] of operationsAfter) {
    if (operationsBefore.has(shape)) continue;
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
  const [from, to] = [prop(before.value, INTEGRATION), prop(after.value, INTEGRATION)];
  if (from === undefined || to === undefined) return;
  if (describeIntegration(from) !== describeIntegration(to)) {
    add(`calls ${describeIntegration(to)} instead of ${describeIntegration(from)}`);
  }
  const timeout = (integration: unknown) =>
    prop(integration, "timeoutInMillis") ?? restApi.integrationTimeoutMs.max;
  if (timeout(from) !== timeout(to)) add(`times out after ${timeout(to)} ms instead of ${timeout(from)}`);
}
