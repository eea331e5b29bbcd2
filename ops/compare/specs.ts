import { type Difference, DocumentError, diff, loadText } from "../../openapi";
import type { PlanJson } from "./base";

/** One difference of parameters, bodies or answers. Routes and their access are compared apart, with the stack's levels. */
export interface CallerChange {
  service: string;
  breaking: boolean;
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

/** What changes for callers within the routes that both have, by the definitions that both plans would hand to AWS. */
export function callerChanges(before: PlanJson, after: PlanJson): CallerChange[] {
  const old = definitions(before);
  return [...definitions(after)].flatMap(([service, text]) => {
    const earlier = old.get(service);
    return earlier === undefined || earlier === text ? [] : changesOf(service, earlier, text);
  });
}

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

function changesOf(service: string, before: string, after: string): CallerChange[] {
  try {
    return diff(loadText(before, `${service} before`), loadText(after, service))
      .filter(({ kind }) => HERE.has(kind))
      .map(({ route, message, breaking }) => ({ service, breaking, where: route, message }));
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return [
      {
        service,
        breaking: false,
        where: "",
        message: `could not be compared: ${error.message.split("\n")[0]}`,
      },
    ];
  }
}
