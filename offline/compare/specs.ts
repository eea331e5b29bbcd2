import { type Difference, diff, FindingsError, loadText } from "../../openapi";
import { definitionsOf, type PlanJson } from "./plan-json";

/**
 * A difference of parameters, bodies or responses, or of access that the routing tables do not show: a resource policy, an
 * authorizer's function, scopes. Routes and levels are compared elsewhere, because the stack's settings decide who holds a level.
 */
export interface CallerChange {
  service: string;
  breaking: boolean;
  /** Callers that were refused may be allowed now; also when only a person can decide. */
  weakened: boolean;
  /** "GET /entities/{id}" */
  where: string;
  message: string;
}

const REPORTED: ReadonlySet<Difference["kind"]> = new Set([
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

/** What changes for callers of the routes that both plans have, by the definitions that AWS would get. */
export function callerChanges(before: PlanJson, after: PlanJson): CallerChange[] {
  const old = definitionsOf(before);
  const [accessBefore, accessAfter] = [accessByRoute(before), accessByRoute(after)];
  const isSeenInRoutes = (service: string, route: string) => {
    const key = `${service} ${route}`;
    return accessBefore.get(key) !== accessAfter.get(key);
  };
  return [...definitionsOf(after)].flatMap(([service, text]) => {
    const earlier = old.get(service);
    return earlier === undefined || earlier === text ? [] : changesOf(service, earlier, text, isSeenInRoutes);
  });
}

const accessByRoute = ({ routes }: PlanJson) =>
  new Map(routes.map(({ service, method, path, access }) => [`${service} ${method} ${path}`, access]));

function changesOf(
  service: string,
  before: string,
  after: string,
  isSeenInRoutes: (service: string, route: string) => boolean,
): CallerChange[] {
  try {
    return diff(loadText(before, `${service} before`), loadText(after, service))
      .filter(
        ({ kind, route }) => REPORTED.has(kind) || (ACCESS.has(kind) && !isSeenInRoutes(service, route)),
      )
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
        message: `cannot be compared: ${error.message.split("\n")[0]}`,
      },
    ];
  }
}
