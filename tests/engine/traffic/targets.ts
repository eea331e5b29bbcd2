import { contains } from "../../../lib/cidr";
import { obstacle, type Surroundings } from "./obstacle";
import type { Resource, Target, World } from "./world";

/** How a request goes on from the load balancer. */
export interface Route {
  loadBalancer: Resource;
  targetGroup: Resource;
  domain: string;
  surroundings: Surroundings;
}

/** Throws an Obstacle unless every target that the load balancer uses is open to it and answers for this API. */
export function requireServing(world: World, route: Route): void {
  const { targetGroup } = route;
  const targets = world.targets(targetGroup);
  const used = targets.filter(({ key }) => world.healthy.has(key));
  if (targets.length === 0) obstacle(`${targetGroup.name} has no target`);
  if (used.length === 0) obstacle(`${targetGroup.name} has no healthy target, they are initial`);
  for (const target of used) requireOpen(world, route, target);
}

/** Throws an Obstacle when a deregistered target that the load balancer still uses is closed to it already. */
export function requireDraining(world: World, route: Route): void {
  for (const { inputs } of world.draining) {
    if (inputs.targetGroupArn !== route.targetGroup.id) continue;
    const instance = String(inputs.targetId);
    requireOpen(world, route, { key: "", instance, port: Number(inputs.port) });
  }
}

/** Throws an Obstacle when a request does not get from the load balancer through the target. */
function requireOpen(world: World, { loadBalancer, domain, surroundings }: Route, target: Target): void {
  const groups = securityGroups(world, target);
  const name = target.instance ?? `proxy ${target.release?.id}`;
  const reason = notAdmitted(world, loadBalancer, groups, target.port);
  if (reason) obstacle(`${name}: ${reason}`);
  const service = target.release?.services.get(target.port);
  if (target.release && service === undefined) obstacle(`${name} does not listen on port ${target.port}`);
  const backend = target.instance ?? (service as string);
  const accepted = surroundings.backends?.[domain];
  if (accepted && !accepted.includes(backend))
    obstacle(`callers reach ${backend}, another service's backend`);
  if (target.release && service)
    requirePartner(world, target.release.partners.get(service), groups, surroundings);
}

function requirePartner(
  world: World,
  partner: string | undefined,
  groups: string[],
  { dns = {} }: Surroundings,
): void {
  const [host = "", port] = partner?.split(":") ?? [];
  const address = dns[host];
  if (address === undefined) return;
  const open = world
    .all("SecurityGroupEgressRule")
    .some(
      ({ inputs }) =>
        groups.includes(String(inputs.securityGroupId)) &&
        inputs.cidrIpv4 !== undefined &&
        contains(String(inputs.cidrIpv4), `${address}/32`) &&
        inputs.fromPort === Number(port),
    );
  if (!open) obstacle(`the proxies may not call ${partner} at ${address}`);
}

function securityGroups(world: World, { instance, release }: Target): string[] {
  if (release) return release.securityGroups;
  return world
    .all("NetworkInterfaceSecurityGroupAttachment")
    .filter(({ inputs }) => inputs.networkInterfaceId === world.interfaces.get(String(instance)))
    .map(({ inputs }) => String(inputs.securityGroupId));
}

/** Why the load balancer does not reach a port behind these security groups, from one of its addresses. */
function notAdmitted(
  world: World,
  loadBalancer: Resource,
  groups: string[],
  port: number,
): string | undefined {
  const onPort = ({ inputs }: Resource) => inputs.fromPort === port && inputs.toPort === port;
  const own = loadBalancer.inputs.securityGroups as string[];
  const out = world
    .all("SecurityGroupEgressRule")
    .some(
      (rule) =>
        onPort(rule) &&
        own.includes(String(rule.inputs.securityGroupId)) &&
        groups.includes(String(rule.inputs.referencedSecurityGroupId)),
    );
  if (!out) return `the load balancer may not send to port ${port}`;
  const admitted = new Set(
    world
      .all("SecurityGroupIngressRule")
      .filter((rule) => onPort(rule) && groups.includes(String(rule.inputs.securityGroupId)))
      .map(({ inputs }) => inputs.cidrIpv4),
  );
  const missing = addresses(world, loadBalancer).find((address) => !admitted.has(`${address}/32`));
  return missing && `${missing} of the load balancer is not admitted on port ${port}`;
}

/** One per zone: those that were asked for, or those that AWS chose. */
function addresses(world: World, { id, inputs }: Resource): string[] {
  const mappings = (world.zonesBefore.get(id) ?? inputs.subnetMappings) as {
    subnetId: string;
    privateIpv4Address?: string;
  }[];
  return mappings.map(
    ({ subnetId, privateIpv4Address }) =>
      privateIpv4Address ?? world.addresses.get(`ELB ${id.split(":loadbalancer/")[1]} ${subnetId}`) ?? "?",
  );
}

/** Whether a target passes its target group's health check. */
export function passesCheck(world: World, targetGroup: Resource, target: Target): boolean {
  const check = (targetGroup.inputs.healthCheck ?? {}) as { port?: string; path?: string };
  const port = check.port === undefined || check.port === "traffic-port" ? target.port : Number(check.port);
  const listeners = world
    .all("Listener")
    .filter(({ inputs }) => JSON.stringify(inputs.defaultActions).includes(targetGroup.id));
  const loadBalancer = world.get("LoadBalancer", listeners[0]?.inputs.loadBalancerArn);
  if (!loadBalancer || notAdmitted(world, loadBalancer, securityGroups(world, target), port)) return false;
  const { release } = target;
  // The services on instances are beyond the gateway: they listen on their own port, and answer no path of a proxy.
  if (!release) return check.path === undefined;
  if (check.path === undefined) return release.services.has(port);
  return port === release.healthPort && release.healthPaths.has(check.path);
}
