import { type Model, type Service, substitute } from "../model";
import { checkSecurityGroups } from "./backend-security";
import { type BackendRoute, traceBackend } from "./route-to-backend";
import { type Report, type ReportAt, textOf } from "./rules";

/** Behind API Gateway: the path over the VPC link to the targets, and that no two services share it. */
export function backendChecks(model: Model, at: ReportAt): void {
  for (const service of model.services) {
    for (const { connectionId, authority } of destinationsOf(service)) {
      let passes = true;
      const report = at(`service ${service.name}`);
      const route = traceBackend(connectionId, authority, model, (rule, ...facts) => {
        passes = false;
        report(rule, ...facts);
      });
      if (passes) checkHealthCheck(route, model, report);
    }
  }
  checkPorts(model, at);
  checkListeners(model, at);
}

/** Where a service's integrations send requests: VPC link and `host:port`, each pair once. */
function destinationsOf({ definition, stages }: Service): { connectionId: string; authority: string }[] {
  const found = stages.flatMap(({ variables }) =>
    definition.integrations.flatMap(({ connectionId, uri }) => {
      if (connectionId === undefined) return [];
      const link = substitute(connectionId, variables);
      const target = substitute(uri, variables);
      // The check of stage variables reports unset ones.
      if (link === undefined || target === undefined) return [];
      return [{ connectionId: link, authority: /^https?:\/\/([^/]+)/.exec(target)?.[1] ?? "" }];
    }),
  );
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** A health check on another port needs its own rules; without them every target is unhealthy. */
function checkHealthCheck(route: BackendRoute, { resources }: Model, report: Report): void {
  const port = route.targetGroup?.inputs.healthCheck?.port;
  if (!route.loadBalancer || port === undefined || port === "traffic-port") return;
  for (const target of route.targets) {
    checkSecurityGroups(route.loadBalancer, { ...target, port: Number(port) }, resources, (rule, ...facts) =>
      report("health-check-refused", textOf(rule, ...facts)),
    );
  }
}

function checkPorts(model: Model, at: ReportAt): void {
  const owners = new Map<string, string>();
  for (const service of model.services) {
    for (const { authority } of destinationsOf(service)) {
      const owner = owners.get(authority) ?? service.name;
      owners.set(authority, owner);
      if (owner !== service.name)
        at(`service ${service.name}`)("shared-port", authority.split(":")[1] ?? "80", owner);
    }
  }
}

function checkListeners({ resources }: Model, at: ReportAt): void {
  const owners = new Map<string, string>();
  for (const { name, inputs } of resources.ofType("aws:lb/listener:Listener")) {
    const key = `${inputs.loadBalancerArn} ${inputs.port}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, name);
    else at(`listener ${name}`)("shared-listener-port", inputs.port, owner);
  }
}
