import type { Finding } from "../../lib/finding";
import { type Route, routesOf } from "../../openapi";
import type { Model, Service } from "../model";
import { allowsMore, levelsOf } from "../model/access";
import { webAclOf } from "../wiring/web-acl";

/**
 * Routes through which callers may reach stricter ones. The value of a path variable may contain an encoded `../`, and API
 * Gateway decodes it for the backend: GET /entities/..%2Fdatasets is authorized as GET /entities/{id}, and a backend that
 * normalizes paths answers it as GET /datasets.
 * Source: developer guide, "Amazon API Gateway important notes", for REST APIs: URL-encoded request parameters are decoded.
 */
export function pathTraversalFindings(model: Model): Finding[] {
  const levels = levelsOf(model);
  return model.services.flatMap((service) => {
    const routes = routesOf(service.definition.document).filter(
      ({ integration, kind }) => kind === undefined && integration.startsWith("http"),
    );
    const severity = isBlocked(service, model) ? "info" : "warning";
    const accesses = [...new Set(routes.map(({ access }) => access))];
    /** For each access, the others that allow someone whom it refuses. */
    const wider = new Map(
      accesses.map((access) => [
        access,
        accesses.filter((other) => allowsMore({ access: other, levels }, { access, levels })),
      ]),
    );
    const reaches = (open: Route, strict: Route) => wider.get(strict.access)?.includes(open.access);
    return [...new Set(routes.map(({ method }) => method))].flatMap((method) => {
      const strict = routes.filter((route) => route.method === method);
      const open = routes.filter(
        (route) => route.path.includes("{") && (method === "ANY" || ["ANY", method].includes(route.method)),
      );
      const reached = strict.filter((route) => open.some((one) => reaches(one, route)));
      const through = open.filter((one) => strict.some((route) => reaches(one, route)));
      const where = `service ${service.name}, ${method}`;
      return reached.length === 0 ? [] : [findingOf(where, through, reached, severity)];
    });
  });
}

/** One finding for all pairs of a method: the routes that are open to more callers, and those that they may reach. */
function findingOf(where: string, open: Route[], strict: Route[], level: "info" | "warning"): Finding {
  const names = (routes: Route[]) =>
    [...new Set(routes.map(({ method, path, access }) => `${method} ${path} (${access})`))].join(", ");
  const cure =
    level === "info"
      ? "The web ACL blocks such paths."
      : "Block paths with encoded dot segments in a web ACL, or make the backend refuse them.";
  return {
    level,
    rule: "path-traversal",
    where,
    message: `${names(open)}: "..%2F" in a path variable may reach ${names(strict)} without their authorizer. ${cure}`,
  };
}

/** Whether a web ACL of every stage blocks paths by a pattern. */
function isBlocked({ stages }: Service, model: Model): boolean {
  return stages.every((stage) =>
    webAclOf(stage, model)?.inputs.rules?.some(
      ({ action, statement }) =>
        action?.block !== undefined &&
        /"uriPath"/.test(JSON.stringify(statement)) &&
        /regexMatchStatement|regexPatternSetReferenceStatement/.test(JSON.stringify(statement)),
    ),
  );
}
