/** An access level as the settings have it. */
export interface Level {
  groups?: string[];
  includes?: string[];
}

export type Levels = Record<string, Level>;

export interface ComparedRoute {
  service: string;
  method: string;
  path: string;
  access: string;
  integration: string;
}

export interface RouteChange {
  kind: "added" | "removed" | "weakened" | "tightened" | "moved";
  service: string;
  method: string;
  path: string;
  /** Access for weakened and tightened, integration for moved; the access of a route added or removed. */
  before?: string;
  after?: string;
  /** It answers what is not there. */
  catchAll?: true;
}

/** Who holds a level: its groups, and those of the levels it includes. Without any, nobody does. */
export function holders(level: string, levels: Levels): Set<string> {
  const found = new Set<string>();
  const visit = (name: string, seen: Set<string>) => {
    if (seen.has(name)) return;
    seen.add(name);
    const { groups = [], includes = [] } = levels[name] ?? {};
    for (const group of groups) found.add(group);
    for (const included of includes) visit(included, seen);
  };
  visit(level, new Set());
  return found;
}

/** Whether `after` lets somebody in whom `before` kept out. A level that nothing is known of is compared by its name. */
function admitsMore(before: string, beforeLevels: Levels, after: string, afterLevels: Levels): boolean {
  if (before === "public") return false;
  if (after === "public") return true;
  if (!beforeLevels[before] || !afterLevels[after]) return before !== after;
  const then = holders(before, beforeLevels);
  return [...holders(after, afterLevels)].some((group) => !then.has(group));
}

/**
 * The route that answers a path's requests where no route has that very path: one with variables in it, or a greedy one. The
 * catch-all that answers 404 answers nothing.
 */
function answeredBy(
  { service, method, path }: ComparedRoute,
  routes: ComparedRoute[],
): ComparedRoute | undefined {
  const candidates = routes.filter(
    (route) =>
      route.service === service &&
      (route.method === method || route.method === "ANY") &&
      !isCatchAll(route) &&
      covers(route.path, path),
  );
  return candidates.sort((a, b) => literals(b.path) - literals(a.path))[0];
}

const isCatchAll = ({ integration }: ComparedRoute) => integration.includes("not-found");
const segments = (path: string) => path.split("/").slice(1);
const isVariable = (segment: string | undefined) => segment?.startsWith("{") === true;
const isGreedy = (segment: string | undefined) => segment?.endsWith("+}") === true;
const literals = (path: string) => segments(path).filter((segment) => !isVariable(segment)).length;

function covers(pattern: string, path: string): boolean {
  const wanted = segments(path);
  const own = segments(pattern);
  for (const [index, segment] of own.entries()) {
    if (isGreedy(segment)) return wanted.length > index;
    if (index >= wanted.length || isGreedy(wanted[index])) return false;
    if (!isVariable(segment) && segment !== wanted[index]) return false;
  }
  return own.length === wanted.length;
}

/** What of the routing tables differs for callers. */
export function compareRoutes(
  before: { routes: ComparedRoute[]; levels: Levels },
  after: { routes: ComparedRoute[]; levels: Levels },
): RouteChange[] {
  // Callers do not see what a path's variables are called.
  const keyOf = ({ service, method, path }: ComparedRoute) =>
    `${service} ${method} ${path.replace(/\{[^}]*?(\+?)\}/g, "{$1}")}`;
  const old = new Map(before.routes.map((route) => [keyOf(route), route]));
  const now = new Map(after.routes.map((route) => [keyOf(route), route]));
  const differenceIn = (earlier: ComparedRoute, later: ComparedRoute): RouteChange["kind"] | undefined => {
    // Who holds a level is told once, for the level.
    if (earlier.access === later.access) return undefined;
    if (admitsMore(earlier.access, before.levels, later.access, after.levels)) return "weakened";
    return admitsMore(later.access, after.levels, earlier.access, before.levels) ? "tightened" : undefined;
  };
  const changes: RouteChange[] = [];
  for (const [key, route] of now) {
    const { service, method, path, access } = route;
    const same = old.get(key);
    const earlier = same ?? answeredBy(route, before.routes);
    const kind = earlier && differenceIn(earlier, route);
    if (earlier && kind) changes.push({ kind, service, method, path, before: earlier.access, after: access });
    if (!same && kind === undefined) {
      const catchAll = isCatchAll(route) ? { catchAll: true as const } : {};
      changes.push({ kind: "added", service, method, path, after: access, ...catchAll });
    }
    if (same && same.integration !== route.integration) {
      changes.push({
        kind: "moved",
        service,
        method,
        path,
        before: same.integration,
        after: route.integration,
      });
    }
  }
  for (const [key, route] of old) {
    if (now.has(key)) continue;
    const { service, method, path, access } = route;
    const later = answeredBy(route, after.routes);
    const kind = later && differenceIn(route, later);
    if (later && kind) changes.push({ kind, service, method, path, before: access, after: later.access });
    else if (!later) changes.push({ kind: "removed", service, method, path, before: access });
  }
  return changes;
}

/** Levels whose holders became more, with who came to it. */
export function widenedLevels(before: Levels, after: Levels): { level: string; admitted: string[] }[] {
  return Object.keys(after).flatMap((level) => {
    if (!before[level]) return [];
    const then = holders(level, before);
    const admitted = [...holders(level, after)].filter((group) => !then.has(group));
    return admitted.length > 0 ? [{ level, admitted }] : [];
  });
}
