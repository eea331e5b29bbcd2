import { columns } from "../../lib/table";
import { costText } from "../cost/text";
import type { Plan, PlannedResource, PlannedRoute } from ".";
import type { Quota } from "./quotas";

/** The plan for a terminal: resource tree, routes, quotas, cost, findings. */
export function planText(plan: Plan): string {
  const { stack, resources, routes, quotas, findings, cost } = plan;
  const created = resources.filter(({ type }) => type.startsWith("aws"));
  return [
    section(`Stack ${stack}: ${created.length} AWS resources`, tree(resources)),
    section(`Routes: ${routes.length}`, routeTable(routes)),
    section("Quotas", quotaTable(quotas)),
    ...(cost ? [section("Cost", costText(cost).split("\n"))] : []),
    section(
      `Findings: ${findings.length || "none"}`,
      findings.flatMap(({ level, rule, where, message }) => [`${level} ${rule}`, `  ${where}: ${message}`]),
    ),
  ].join("\n");
}

function section(title: string, lines: string[]): string {
  return [title, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function tree(resources: PlannedResource[]): string[] {
  const depth = new Map<string, number>();
  return resources.map(({ urn, parent, type, name }) => {
    const level = parent === undefined ? 0 : (depth.get(parent) ?? 0) + 1;
    depth.set(urn, level);
    return `${"  ".repeat(level)}${shortType(type)} ${name}`;
  });
}

/** `aws:lb/listener:Listener` → `aws:lb:Listener`, as the Pulumi CLI shows it. */
function shortType(type: string): string {
  return type.replace(/\/[^:]+:/, ":");
}

function routeTable(routes: PlannedRoute[]): string[] {
  return columns(
    routes.map((route) => [route.service, route.method, route.path, route.access, route.integration]),
  );
}

function quotaTable(quotas: Quota[]): string[] {
  return columns(
    quotas.map(({ name, used, limit }) => [
      name,
      String(used),
      `of ${limit}`,
      used > limit ? "EXCEEDED" : "",
    ]),
  );
}
