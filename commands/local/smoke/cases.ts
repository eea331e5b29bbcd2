import type { Model } from "../../../offline/model";
import type { Route } from "../../../openapi";
import { routesOf } from "../../../openapi";
import type { TestUser } from "../identity/test-users";

/** One request of the smoke test and what must come back. */
export interface SmokeCase {
  /** Kind of route and caller, e.g. `read, wrong token`. */
  kind: string;
  service: string;
  method: string;
  /** With variables filled in. */
  path: string;
  /** Name of the stub's token to send. */
  token?: string;
  headers?: Record<string, string>;
  expect: Expectation;
}

export type Expectation =
  /** The backend answered. */
  | { from: "backend" }
  /** The gateway answered itself: status, and a text that its JSON body holds. */
  | { from: "gateway"; status: number; text: string }
  /** An authorizer refused, with a hint for the caller. */
  | { from: "authorizer" };

interface ServiceRoute extends Route {
  service: string;
}

/** One request through every kind of route that the stack has; kinds it has not are named in `absent`. */
export function smokeCases(
  model: Model,
  people: TestUser[],
  blocked: Blocked,
): { cases: SmokeCase[]; absent: string[] } {
  const routes = model.services.flatMap(({ name, definition }) =>
    routesOf(definition.document).map((route) => ({ ...route, service: name })),
  );
  const open = openRoute(routes);
  const levels = [...new Set(people.flatMap(({ levels }) => levels))];
  const found = levels.map((level) => levelCases(level, routes, people));
  const absent = [
    ...(open ? [] : ["open GET route"]),
    ...levels
      .filter((_, index) => found[index]?.length === 0)
      .map((level) => `route of access level ${level}`),
  ];
  const cases = open ? [...openCases(open), ...found.flat(), blockedCase(open, blocked)] : found.flat();
  return { cases: [...cases, ...retiredCases(routes)], absent };
}

export interface Blocked {
  /** An address that the stack's web ACL refuses; undefined where there is no ACL. */
  address?: string;
}

function openCases({ service, method, path }: ServiceRoute): SmokeCase[] {
  const notFound = { from: "gateway", status: 404, text: "Unable to find the requested resource" } as const;
  return [
    { kind: "open", service, method, path, expect: { from: "backend" } },
    {
      kind: "preflight",
      service,
      method: "OPTIONS",
      path,
      headers: { origin: "https://portal.example.org", "access-control-request-method": "GET" },
      expect: { from: "backend" },
    },
    { kind: "undefined path", service, method: "GET", path: "/no/such/path", expect: notFound },
    // A resource without the method leaves the request to {proxy+}.
    { kind: "undefined method", service, method: "PATCH", path, expect: notFound },
  ];
}

function levelCases(level: string, routes: ServiceRoute[], people: TestUser[]): SmokeCase[] {
  const route = routes.find((one) => isBackend(one) && one.access === level && one.method !== "OPTIONS");
  const right = people.find((person) => person.token === `${level}-token`);
  if (!route || !right) return [];
  const wrong = people.find((person) => !person.expired && !person.levels.includes(level));
  const { service, method } = route;
  const path = filled(route.path);
  const request = { service, method: method === "ANY" ? "GET" : method, path };
  const denied = { from: "authorizer" } as const;
  return [
    { kind: `${level}, right token`, ...request, token: right.token, expect: { from: "backend" } },
    ...(wrong ? [{ kind: `${level}, wrong token`, ...request, token: wrong.token, expect: denied }] : []),
    { kind: `${level}, expired token`, ...request, token: "expired-token", expect: denied },
    {
      kind: `${level}, no token`,
      ...request,
      expect: { from: "gateway", status: 401, text: "Unauthorized" },
    },
  ];
}

function blockedCase({ service, method, path }: ServiceRoute, { address }: Blocked): SmokeCase {
  const request = { service, method, path, headers: { "x-forwarded-for": address ?? "203.0.113.1" } };
  return address === undefined
    ? { kind: "any address", ...request, expect: { from: "backend" } }
    : { kind: "blocked address", ...request, expect: { from: "gateway", status: 403, text: "blocked" } };
}

/** An API without any route to a backend sends its callers to its successor. */
function retiredCases(routes: ServiceRoute[]): SmokeCase[] {
  const services = new Set(routes.map(({ service }) => service));
  const living = new Set(routes.filter(isBackend).map(({ service }) => service));
  return [...services]
    .filter((service) => !living.has(service))
    .map((service) => ({
      kind: "retired",
      service,
      method: "GET",
      path: "/any/path",
      expect: { from: "gateway", status: 307, text: "retired" },
    }));
}

/** A request to a public route of a service. */
export function openCaseOf(service: string, model: Model): SmokeCase | undefined {
  const found = model.services.find(({ name }) => name === service);
  const route = openRoute(routesOf(found?.definition.document ?? {}));
  return route && { kind: "open", service, method: "GET", path: route.path, expect: { from: "backend" } };
}

/** A public GET without variables; the root last, as it has all methods where undefined paths are answered. */
function openRoute<R extends Route>(routes: R[]): R | undefined {
  const open = routes.filter((route) => isBackend(route) && route.access === "public" && isPlainGet(route));
  return open.find(({ path }) => path !== "/") ?? open[0];
}

function isBackend({ integration }: Route): boolean {
  return integration.startsWith("http");
}

function isPlainGet({ method, path }: Route): boolean {
  return method === "GET" && !path.includes("{");
}

/** Something for each variable. */
export function filled(path: string): string {
  return path.replace(/\{[^}]+\}/g, "smoke");
}
