import { type AccessLevels, holders } from "../../lib/access-levels";
import { ResourceTree } from "../../openapi/rest-api/resource-tree";
import { allowsMore } from "../model/access";
import type { PlannedRoute } from "../plan";

export interface RouteChange {
  kind: "added" | "removed" | "weakened" | "tightened" | "moved";
  service: string;
  method: string;
  path: string;
  /** Access for weakened and tightened, integration for moved; the access of a route added or removed. */
  before?: string;
  after?: string;
  /** It answers undefined paths and methods. */
  catchAll?: true;
}

/** The routing tables and access levels of one commit. */
export interface Routing {
  routes: PlannedRoute[];
  levels: AccessLevels;
}

/** What differs for callers between two commits' routing tables. */
export function compareRoutes(before: Routing, after: Routing): RouteChange[] {
  const oldRoutes = byKey(before.routes);
  const newRoutes = byKey(after.routes);
  const [oldTrees, newTrees] = [treesOf(before.routes), treesOf(after.routes)];
  /** How access changes for requests that `base` answered and `head` answers. */
  const accessChange = (base: PlannedRoute, head: PlannedRoute): RouteChange["kind"] | undefined => {
    // A level with other holders is reported once, for the level.
    if (base.access === head.access) return undefined;
    const old = { access: base.access, levels: before.levels };
    const current = { access: head.access, levels: after.levels };
    if (allowsMore(current, old)) return "weakened";
    return allowsMore(old, current) ? "tightened" : undefined;
  };
  const changes: RouteChange[] = [];
  for (const [key, head] of newRoutes) {
    const { service, method, path, access } = head;
    const same = oldRoutes.get(key);
    const base = same ?? answeringRoute(head, oldTrees);
    const kind = base && accessChange(base, head);
    if (base && kind) changes.push({ kind, service, method, path, before: base.access, after: access });
    if (!same && kind === undefined) {
      const catchAll = head.kind === "catch-all" ? { catchAll: true as const } : {};
      changes.push({ kind: "added", service, method, path, after: access, ...catchAll });
    }
    if (same && same.integration !== head.integration) {
      const integrations = { before: same.integration, after: head.integration };
      changes.push({ kind: "moved", service, method, path, ...integrations });
    }
  }
  for (const [key, base] of oldRoutes) {
    if (newRoutes.has(key)) continue;
    const { service, method, path, access } = base;
    const head = answeringRoute(base, newTrees);
    const kind = head && accessChange(base, head);
    if (head && kind) changes.push({ kind, service, method, path, before: access, after: head.access });
    else if (!head) changes.push({ kind: "removed", service, method, path, before: access });
  }
  return changes;
}

/** Levels that more groups hold than before, with the groups that were added. */
export function widenedLevels(
  before: AccessLevels,
  after: AccessLevels,
): { level: string; admitted: string[] }[] {
  return Object.keys(after).flatMap((level) => {
    if (!before[level]) return [];
    const held = holders(level, before);
    const admitted = holders(level, after).filter((group) => !held.includes(group));
    return admitted.length > 0 ? [{ level, admitted }] : [];
  });
}

/** Callers do not see the names of a path's variables. */
function byKey(routes: PlannedRoute[]): Map<string, PlannedRoute> {
  return new Map(
    routes.map((route) => [
      `${route.service} ${route.method} ${route.path.replace(/\{[^}]*?(\+?)\}/g, "{$1}")}`,
      route,
    ]),
  );
}

type Tree = ResourceTree<Map<string, PlannedRoute>>;

/** The resources of each service, with their routes by method. */
function treesOf(routes: PlannedRoute[]): Map<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const route of routes) {
    const tree: Tree = trees.get(route.service) ?? new ResourceTree();
    trees.set(route.service, tree);
    const { resource } = tree.add(route.path);
    if (resource) resource.value = (resource.value ?? new Map()).set(route.method, route);
  }
  return trees;
}

/** The route that answers requests for a path that no route has literally. The catch-all's 404 is not an answer. */
function answeringRoute(
  { service, method, path }: PlannedRoute,
  trees: Map<string, Tree>,
): PlannedRoute | undefined {
  const segments = path.split("/").filter(Boolean);
  const onlyGreedy = path.endsWith("+}");
  return trees.get(service)?.find(segments, ({ segment, value }) => {
    if (onlyGreedy && segment?.kind !== "greedy") return undefined;
    const route = value?.get(method) ?? value?.get("ANY");
    return route?.kind === "catch-all" ? undefined : route;
  });
}
