import type { Model } from "../../../offline/model";
import { type Route, routesOf } from "../../../openapi";
import type { TestUser } from "../identity/test-users";

/** One request of the smoke test and the response that it must get. */
export interface SmokeCase {
  /** Kind of route and caller, e.g. `read, wrong token`. */
  kind: string;
  service: string;
  method: string;
  /** With variables replaced. */
  path: string;
  /** Name of the test user's token to send. */
  token?: string;
  headers?: Record<string, string>;
  expect: Expectation;
}

export interface SmokeResponse {
  status: number;
  /** `x-amzn-errortype`: the gateway itself responded. */
  errorType?: string;
  body: string;
}

export interface Expectation {
  text: string;
  meets(response: SmokeResponse): boolean;
}

/** A service that is reached through a proxy, and how to name that in the output. */
export interface ProxiedService {
  service: string;
  description: string;
}

export interface SmokeOptions {
  users: TestUser[];
  proxied: ProxiedService[];
  /** An address that the stack's web ACL blocks; undefined if it blocks none. */
  blockedAddress?: string;
  domainOf(service: string): string;
}

interface ServiceRoute extends Route {
  service: string;
}

const BACKEND: Expectation = {
  text: "the backend's response",
  meets: ({ status, errorType }) => status < 400 && errorType === undefined,
};

/** An authorizer denies access, with a hint for the caller. */
const DENIED: Expectation = {
  text: "403 with a hint",
  meets: ({ status, body }) => status === 403 && Boolean(parse(body)?.hint),
};

/** The gateway or a function responds, with JSON that contains a text. */
const gateway = (wanted: number, text: string): Expectation => ({
  text: `${wanted} with "${text}"`,
  meets: ({ status, body }) => status === wanted && parse(body) !== undefined && body.includes(text),
});

/** One request for each kind of route that the stack has; `absent` lists the kinds that it does not have. */
export function smokeCases(model: Model, options: SmokeOptions): { cases: SmokeCase[]; absent: string[] } {
  const { users, proxied, domainOf } = options;
  const routes = model.services.flatMap(({ name, definition }) =>
    routesOf(definition.document).map((route) => ({ ...route, service: name })),
  );
  const open = openRoute(routes);
  const levels = [...new Set(users.flatMap((user) => user.levels))];
  const expected: [kind: string, cases: SmokeCase[]][] = [
    ["public GET route", open ? openCases(open) : []],
    ...levels.map((level): [string, SmokeCase[]] => [
      `route of access level ${level}`,
      levelCases(level, routes, users),
    ]),
    ["route through a PSC proxy", proxied.flatMap((proxy) => proxyCase(proxy, routes, users))],
  ];
  const [first] = expected.flatMap(([, cases]) => cases);
  return {
    cases: [
      ...expected.flatMap(([, cases]) => cases),
      ...(open ? [addressCase(open, options)] : []),
      ...retiredCases(routes),
      ...(first ? [{ ...first, kind: "by domain name", headers: { host: domainOf(first.service) } }] : []),
    ],
    absent: expected.filter(([, cases]) => cases.length === 0).map(([kind]) => kind),
  };
}

function openCases({ service, method, path }: ServiceRoute): SmokeCase[] {
  const request = { service, method, path };
  const notFound = gateway(404, "Unable to find the requested resource");
  const preflight = { origin: "https://portal.example.org", "access-control-request-method": "GET" };
  return [
    { kind: "open", ...request, expect: BACKEND },
    { kind: "preflight", ...request, method: "OPTIONS", headers: preflight, expect: BACKEND },
    { kind: "undefined path", ...request, path: "/no/such/path", expect: notFound },
    // A resource without the method leaves the request to {proxy+}.
    { kind: "undefined method", ...request, method: "PATCH", expect: notFound },
  ];
}

function levelCases(level: string, routes: ServiceRoute[], users: TestUser[]): SmokeCase[] {
  const right = guardedCase(level, routes, users);
  if (!right) return [];
  const wrong = users.find((user) => !user.expired && !user.levels.includes(level));
  const { token: _, ...anonymous } = right;
  return [
    { ...right, kind: `${level}, right token` },
    ...(wrong ? [{ ...right, kind: `${level}, wrong token`, token: wrong.token, expect: DENIED }] : []),
    { ...right, kind: `${level}, expired token`, token: "expired-token", expect: DENIED },
    { ...anonymous, kind: `${level}, no token`, expect: gateway(401, "Unauthorized") },
  ];
}

/** A request to a route of a level, with the token of the level's test user. */
function guardedCase(level: string, routes: ServiceRoute[], users: TestUser[]): SmokeCase | undefined {
  const route = routes.find((one) => isBackend(one) && one.access === level && one.method !== "OPTIONS");
  const user = users.find(({ token }) => token === `${level}-token`);
  if (!route || !user) return undefined;
  const method = route.method === "ANY" ? "GET" : route.method;
  return {
    kind: level,
    service: route.service,
    method,
    path: filled(route.path),
    token: user.token,
    expect: BACKEND,
  };
}

/** A public route of a proxied service; without one, a route of a level with its token. */
function proxyCase(
  { service, description }: ProxiedService,
  all: ServiceRoute[],
  users: TestUser[],
): SmokeCase[] {
  const routes = all.filter((route) => route.service === service);
  const open = openRoute(routes);
  const [found] = open
    ? openCases(open)
    : routes.flatMap(({ access }) => guardedCase(access, routes, users) ?? []);
  return found ? [{ ...found, kind: `PSC, by ${description}` }] : [];
}

function addressCase({ service, method, path }: ServiceRoute, { blockedAddress }: SmokeOptions): SmokeCase {
  const request = { service, method, path, headers: { "x-forwarded-for": blockedAddress ?? "203.0.113.1" } };
  return blockedAddress === undefined
    ? { kind: "any address", ...request, expect: BACKEND }
    : { kind: "blocked address", ...request, expect: gateway(403, "blocked") };
}

/** An API without a route to a backend is retired and redirects its callers to its successor. */
function retiredCases(routes: ServiceRoute[]): SmokeCase[] {
  const services = new Set(routes.map(({ service }) => service));
  for (const { service } of routes.filter(isBackend)) services.delete(service);
  const expect = gateway(307, "retired");
  return [...services].map((service) => ({
    kind: "retired",
    service,
    method: "GET",
    path: "/any/path",
    expect,
  }));
}

/** A public GET without variables; the root only if there is no other, as undefined paths share its methods. */
function openRoute(routes: ServiceRoute[]): ServiceRoute | undefined {
  const open = routes.filter(
    (route) =>
      isBackend(route) && route.access === "public" && route.method === "GET" && !route.path.includes("{"),
  );
  return open.find(({ path }) => path !== "/") ?? open[0];
}

function isBackend({ integration }: Route): boolean {
  return integration.startsWith("http");
}

/** A path with a value for each variable. */
function filled(path: string): string {
  return path.replace(/\{[^}]+\}/g, "smoke");
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
