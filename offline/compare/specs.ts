import { type Difference, diff, FindingsError, loadText } from "../../openapi";
import type { PlanJson } from "./base";

/**
 * One difference of parameters, bodies or answers, or of access where the routing tables show none: a resource policy, an authorizer's
 * function, scopes. Routes and their levels are compared apart, as only the stack's settings say who holds a level.
 */
export interface CallerChange {
  service: string;
  breaking: boolean;
  /** Callers that were refused may not be any more; also where nobody but a person can tell. */
  weakened: boolean;
  /** "GET /entities/{id}" */
  where: string;
  message: string;
}

const HERE: ReadonlySet<Difference["kind"]> = new Set([
  "parameter",
  "body",
  "response",
  "deprecated",
  "integration",
]);

const ACCESS: ReadonlySet<Difference["kind"]> = new Set([
  "access-weakened",
  "access-tightened",
  "access-changed",
]);

/** What changes for callers within the routes that both have, by the definitions that both plans would hand to AWS. */
export function callerChanges(before: PlanJson, after: PlanJson): CallerChange[] {
  const old = definitions(before);
  const accessThen = accessByRoute(before);
  const accessNow = accessByRoute(after);
  const isSeenInRoutes = (service: string, route: string) => {
    const key = `${service} ${route}`;
    return accessThen.get(key) !== accessNow.get(key);
  };
  return [...definitions(after)].flatMap(([service, text]) => {
    const earlier = old.get(service);
    return earlier === undefined || earlier === text ? [] : changesOf(service, earlier, text, isSeenInRoutes);
  });
}

const accessByRoute = ({ routes }: PlanJson) =>
  new Map(routes.map(({ service, method, path, access }) => [`${service} ${method} ${path}`, access]));

const REST_API = "aws:apigateway/restApi:RestApi";

/** Text of each service's definition: its API's logical name is `<service>-api`. */
function definitions({ resources, routes }: PlanJson): Map<string, string> {
  const services = new Set(routes.map(({ service }) => service));
  const bodies = new Map(
    resources.filter(({ type }) => type === REST_API).map(({ name, inputs }) => [name, inputs.body]),
  );
  return new Map(
    [...services].flatMap((service) => {
      const body = bodies.get(`${service}-api`);
      return typeof body === "string" ? [[service, body] as const] : [];
    }),
  );
}

function changesOf(
  service: string,
  before: string,
  after: string,
  isSeenInRoutes: (service: string, route: string) => boolean,
): CallerChange[] {
  try {
    return diff(loadText(before, `${service} before`), loadText(after, service))
      .filter(({ kind, route }) => HERE.has(kind) || (ACCESS.has(kind) && !isSeenInRoutes(service, route)))
      .map(({ kind, route, message, breaking }) => ({
        service,
        breaking,
        weakened: kind === "access-weakened" || kind === "access-changed",
        where: route,
        message,
      }));
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error;
    return [
      {
        service,
        breaking: false,
        weakened: false,
        where: "",
        message: `could not be compared: ${error.message.split("\n")[0]}`,
      },
    ];
  }
}
