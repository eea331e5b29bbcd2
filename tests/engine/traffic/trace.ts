import { functionObstacle } from "./functions";
import { Obstacle, obstacle, type Surroundings } from "./obstacle";
import { type Route, requireDraining, requireServing } from "./targets";
import type { Resource, World } from "./world";

/** An API as its callers know it. */
export interface Api {
  domain: string;
  /** Empty: the API is at the domain's root. */
  basePath: string;
}

export const apiName = ({ domain, basePath }: Api) => (basePath ? `${domain}/${basePath}` : domain);

/** The APIs that a domain's mappings offer. */
export function apis(world: World): Api[] {
  return mappings(world).map(({ api }) => api);
}

function mappings(world: World): { api: Api; mapping: Resource }[] {
  return [...world.all("ApiMapping"), ...world.all("BasePathMapping")].map((mapping) => ({
    mapping,
    api: {
      domain: String(mapping.inputs.domainName),
      basePath: String(mapping.inputs.apiMappingKey ?? mapping.inputs.basePath ?? ""),
    },
  }));
}

/** Why requests that are let in do not reach the API's backend; undefined when they do. */
export function whyUnreachable(world: World, api: Api, surroundings: Surroundings = {}): string | undefined {
  return reasonOf(() => {
    const route = followRequest(world, api, surroundings);
    if (route) requireServing(world, route);
  });
}

/** Why some requests fail although new connections succeed: the load balancer still uses a target that is closed. */
export function whyCut(world: World, api: Api, surroundings: Surroundings = {}): string | undefined {
  return reasonOf(() => {
    const route = followRequest(world, api, surroundings);
    if (route) requireDraining(world, route);
  });
}

/** What carries an API's requests behind API Gateway: load balancer, listener, target group, targets. */
export function wayOf(world: World, api: Api): Set<string> {
  let route: Route | undefined;
  reasonOf(() => {
    route = followRequest(world, api, {});
  });
  if (!route) return new Set();
  const { loadBalancer, targetGroup } = route;
  const targets = world.targets(targetGroup).map(({ instance, release }) => instance ?? release?.id ?? "");
  return new Set([loadBalancer.id, targetGroup.id, ...targets]);
}

function reasonOf(follow: () => void): string | undefined {
  try {
    follow();
    return undefined;
  } catch (error) {
    if (error instanceof Obstacle) return error.message;
    throw error;
  }
}

/** From the domain name to the target group; undefined when functions answer every request. */
function followRequest(world: World, api: Api, surroundings: Surroundings): Route | undefined {
  const stage = apiStage(world, api);
  const definition = servedDefinition(world, stage);
  const blocked = functionObstacle(world, definition, String(stage.inputs.restApi));
  if (blocked) obstacle(blocked);
  if (!JSON.stringify(definition).includes("stageVariables.VPCLINK")) return undefined;
  const { loadBalancer, port } = upstream(world, stage);
  const listener =
    world.find("Listener", { loadBalancerArn: loadBalancer.id, port }) ??
    obstacle(`load balancer ${loadBalancer.name} has no listener on port ${port}`);
  const [{ targetGroupArn }] = listener.inputs.defaultActions as [{ targetGroupArn: string }];
  const targetGroup =
    world.get("TargetGroup", targetGroupArn) ?? obstacle(`the target group of ${listener.name} is gone`);
  return { loadBalancer, targetGroup, domain: api.domain, surroundings };
}

/** From the domain name to the API Gateway stage. */
function apiStage(world: World, { domain, basePath }: Api): Resource {
  const found = mappings(world).find(({ api }) => api.domain === domain && api.basePath === basePath);
  const { mapping } = found ?? obstacle(`no mapping of ${apiName({ domain, basePath })}`);
  const record = world.find("Record", { name: domain }) ?? obstacle(`no DNS record of ${domain}`);
  const domainName = world.find("DomainName", { domainName: domain }) ?? obstacle(`no domain name ${domain}`);
  const { regionalCertificateArn } = domainName.inputs;
  if (!world.get("Certificate", regionalCertificateArn)) obstacle(`${record.name}: the certificate is gone`);
  const restApi = mapping.inputs.apiId ?? mapping.inputs.restApi;
  const stageName = mapping.inputs.stage ?? mapping.inputs.stageName;
  return (
    world.find("Stage", { restApi, stageName }) ?? obstacle(`${mapping.name} maps to a stage that is gone`)
  );
}

function servedDefinition(world: World, stage: Resource): object {
  const definition = world.definitions.get(String(stage.inputs.deployment));
  return JSON.parse(definition ?? obstacle(`the deployment of ${stage.name} is gone`)) as object;
}

/** Where the stage's variables send a request: through the VPC link to a port of its load balancer. */
function upstream(world: World, stage: Resource): { loadBalancer: Resource; port: number } {
  const { VPCLINK, VPCNLB = "" } = stage.inputs.variables as Record<string, string>;
  const link = world.get("VpcLink", VPCLINK) ?? obstacle(`the VPC link of ${stage.name} is gone`);
  const loadBalancer =
    world.get("LoadBalancer", link.inputs.targetArn) ?? obstacle(`the load balancer of ${link.name} is gone`);
  return { loadBalancer, port: Number(VPCNLB.split(":")[1]) };
}
