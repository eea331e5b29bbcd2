import { type AccessLevels, holders } from "../../lib/access-levels";
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
    const base = same ?? answeringRoute(head, before.routes);
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
    const head = answeringRoute(base, after.routes);
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

/** The route that answers requests for a path that no route has literally. The catch-all's 404 is not an answer. */
function answeringRoute(
  { service, method, path }: PlannedRoute,
  routes: PlannedRoute[],
): PlannedRoute | undefined {
  return routes
    .filter(
      (route) =>
        route.service === service &&
        (route.method === method || route.method === "ANY") &&
        route.kind !== "catch-all" &&
        covers(route.path, path),
    )
    .sort((a, b) => literals(b.path) - literals(a.path))[0];
}

const segments = (path: string) => path.split("/").slice(1);
const isVariable = (segment: string | undefined) => segment?.startsWith("{") === true;
const isGreedy = (segment: string | undefined) => segment?.endsWith("+}") === true;
const literals = (path: string) => segments(path).filter((segment) => !isVariable(segment)).length;

function covers(pattern: string, path: string): boolean {
  const wanted = segments(path);
  const pieces = segments(pattern);
  for (const [index, piece] of pieces.entries()) {
    if (isGreedy(piece)) return wanted.length > index;
    if (index >= wanted.length || isGreedy(wanted[index])) return false;
    if (!isVariable(piece) && piece !== wanted[index]) return false;
  }
  return pieces.length === wanted.length;
}
