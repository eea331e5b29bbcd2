import { type Route, routesOf } from "../../openapi";
import type { Plan } from "../plan";
import type { AccessSettings } from "./settings";

/** The parts of `npm run plan -- --json` that a comparison reads; another commit's program may have printed it. */
export interface PlanJson extends Pick<Plan, "stack" | "resources" | "quotas" | "findings"> {
  routes: (Route & { service: string })[];
}

/** One side of a comparison. */
export interface Side {
  plan: PlanJson;
  settings: AccessSettings;
}

/** Each service's definition. An API belongs to the ApiService component that is its parent. */
export function definitionsOf({ resources }: Pick<PlanJson, "resources">): Map<string, string> {
  const names = new Map(
    resources.filter(({ type }) => type.endsWith(":ApiService")).map(({ urn, name }) => [urn, name]),
  );
  return new Map(
    resources.flatMap(({ type, name, parent, inputs: { body } }) =>
      type === "aws:apigateway/restApi:RestApi" && typeof body === "string"
        ? [[names.get(parent ?? "") ?? name, body] as const]
        : [],
    ),
  );
}

/** A plan with the routing table as this program reads it: an earlier one may leave out a route's kind. */
export function withRoutes<P extends PlanJson>(plan: P): P {
  const routes = [...definitionsOf(plan)].flatMap(([service, body]) =>
    routesOf(JSON.parse(body)).map((route) => ({ service, ...route })),
  );
  return routes.length > 0 ? { ...plan, routes } : plan;
}
