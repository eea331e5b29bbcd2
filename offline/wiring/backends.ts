import type { Finding } from "../../openapi";
import type { Model, Service } from "../model";
import { securityBreaks } from "../model/backend-security";
import { substitute } from "../model/definition";
import { type BackendRoute, type Break, followToBackend } from "../model/route-to-backend";
import type { RecordedResource } from "../recording";
import { broken } from ".";

/** Behind API Gateway: the way over the VPC link to the instances, and that no two services meet there. */
export function backendFindings(model: Model): Finding[] {
  return [
    ...model.services.flatMap((service) => routeFindings(service, model)),
    ...sharedPorts(model),
    ...sharedListeners(model),
  ];
}

/** Where a service's integrations go: link and `host:port`, each pair once. */
export function destinationsOf({
  definition,
  stages,
}: Service): { connectionId: string; authority: string }[] {
  const found = stages.flatMap(({ variables }) =>
    definition.integrations.flatMap(({ connectionId, uri }) => {
      if (connectionId === undefined) return [];
      const link = substitute(connectionId, variables);
      const target = substitute(uri, variables);
      // An unset variable is a finding of its own.
      if (link.missing.length > 0 || target.missing.length > 0) return [];
      const authority = /^https?:\/\/([^/]+)/.exec(target.text)?.[1] ?? "";
      return [{ connectionId: link.text, authority }];
    }),
  );
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

function routeFindings(service: Service, model: Model): Finding[] {
  return destinationsOf(service).flatMap(({ connectionId, authority }) => {
    const route = followToBackend(connectionId, authority, model);
    const breaks = route.breaks.length > 0 ? route.breaks : healthCheckBreaks(route, model);
    return breaks.map(({ rule, message }) => broken(rule, `service ${service.name}`, message));
  });
}

/** A health check on a port of its own needs rules of its own; without them every target counts as failed. */
function healthCheckBreaks(
  { loadBalancer, targetGroup, targets }: BackendRoute,
  { resources }: Model,
): Break[] {
  const { port } = (targetGroup?.inputs.healthCheck as { port?: string | number } | undefined) ?? {};
  if (!loadBalancer || port === undefined || port === "traffic-port") return [];
  return targets.flatMap((target) =>
    securityBreaks(loadBalancer, target, Number(port), resources).map(({ message }) => ({
      rule: "health-check-refused",
      message: `its health check fails: ${message}`,
    })),
  );
}

function sharedPorts(model: Model): Finding[] {
  const owners = new Map<string, string>();
  return model.services.flatMap((service) =>
    destinationsOf(service).flatMap(({ authority }) => {
      const owner = owners.get(authority);
      owners.set(authority, owner ?? service.name);
      if (owner === undefined || owner === service.name) return [];
      const port = authority.split(":")[1] ?? "80";
      return [
        broken(
          "shared-port",
          `service ${service.name}`,
          `port ${port} of the load balancer is ${owner}'s: both would reach one backend. Give one of them another port.`,
        ),
      ];
    }),
  );
}

function sharedListeners({ resources }: Model): Finding[] {
  const owners = new Map<string, RecordedResource>();
  return resources.ofType("aws:lb/listener:Listener").flatMap((listener) => {
    const place = `${listener.outputs.loadBalancerArn} ${listener.outputs.port}`;
    const owner = owners.get(place);
    owners.set(place, owner ?? listener);
    if (!owner) return [];
    return [
      broken(
        "shared-port",
        `listener ${listener.name}`,
        `port ${listener.outputs.port} of the load balancer has listener ${owner.name} already: AWS refuses a second one.`,
      ),
    ];
  });
}
