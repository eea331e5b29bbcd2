import type { RecordedResource } from "../recording";
import type { Model } from "./index";
import type { Resources } from "./resources";
import { letsIn, letsOut, type Peer } from "./security-groups";

/** A place where a request that left API Gateway gets no further. */
export interface Break {
  /** Finding rule. */
  rule: string;
  message: string;
}

/** Where a service's requests arrive behind the load balancer. */
export interface Target {
  /** EC2 instance id, or the name of the auto scaling group whose instances they are. */
  id: string;
  port: number;
}

/** The way of a request from a VPC link to the backend, as far as it goes. */
export interface BackendRoute {
  link?: RecordedResource;
  loadBalancer?: RecordedResource;
  listener?: RecordedResource;
  targetGroup?: RecordedResource;
  targets: Target[];
  /** Empty when requests get through. */
  breaks: Break[];
}

/**
 * Follows what was declared: link, load balancer that the authority names, listener, target group, targets, security
 * groups.
 * @param connectionId id of the VPC link, from the stage's variables
 * @param authority `host:port` of the integration's URI
 */
export function followToBackend(connectionId: string, authority: string, { resources }: Model): BackendRoute {
  const route: BackendRoute = { targets: [], breaks: [] };
  const stop = (rule: string, message: string) => route.breaks.push({ rule, message });
  const [host = "", portText = "80"] = authority.split(":");
  const port = Number(portText);

  route.loadBalancer = resources.where("aws:lb/loadBalancer:LoadBalancer", "dnsName", host)[0];
  route.link = resources.byId("aws:apigateway/vpcLink:VpcLink", connectionId);
  if (!route.link) {
    stop(
      "unknown-vpc-link",
      `no VPC link of this stack has the id ${quoted(connectionId)}: set the stage variable from the link's id.`,
    );
  }
  if (!route.loadBalancer) {
    stop(
      "unknown-load-balancer",
      `no load balancer of this stack has the DNS name ${quoted(host)}: set the stage variable from its dnsName.`,
    );
    return route;
  }
  if (route.link && route.link.inputs.targetArn !== route.loadBalancer.outputs.arn) {
    stop(
      "link-to-another-load-balancer",
      `requests name load balancer ${route.loadBalancer.name}, but the VPC link ${route.link.name} leads to ${route.link.inputs.targetArn}: both must be the same.`,
    );
  }
  route.listener = resources
    .where("aws:lb/listener:Listener", "loadBalancerArn", route.loadBalancer.outputs.arn)
    .find(({ outputs }) => outputs.port === port);
  if (!route.listener) {
    stop(
      "no-listener",
      `load balancer ${route.loadBalancer.name} has no listener on port ${port}: requests are refused.`,
    );
    return route;
  }
  route.targetGroup = targetGroupOf(route.listener, resources);
  if (!route.targetGroup) {
    stop("no-target-group", `listener ${route.listener.name} forwards to no target group of this stack.`);
    return route;
  }
  if (route.targetGroup.outputs.port !== port) {
    stop(
      "ports-differ",
      `listener ${route.listener.name} is on port ${port}, its target group ${route.targetGroup.name} on ${route.targetGroup.outputs.port}: both must be the service's port.`,
    );
  }
  route.targets = targetsOf(route.targetGroup, resources);
  if (route.targets.length === 0) {
    stop(
      "no-target",
      `nothing is attached to target group ${route.targetGroup.name}: the load balancer has nowhere to send requests.`,
    );
  }
  const { loadBalancer, targets } = route;
  route.breaks.push(...targets.flatMap((target) => securityBreaks(loadBalancer, target, resources)));
  const entrance = privateLinkBreak(loadBalancer, port, resources);
  if (entrance) route.breaks.push(entrance);
  return route;
}

function targetGroupOf(listener: RecordedResource, resources: Resources): RecordedResource | undefined {
  const actions =
    (listener.inputs.defaultActions as { targetGroupArn?: string; forward?: unknown }[] | undefined) ?? [];
  return actions
    .map(({ targetGroupArn }) => resources.byId("aws:lb/targetGroup:TargetGroup", targetGroupArn))
    .find((group) => group !== undefined);
}

function targetsOf(targetGroup: RecordedResource, resources: Resources): Target[] {
  const port = Number(targetGroup.outputs.port);
  const arn = targetGroup.outputs.arn;
  const attached = resources
    .where("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn", arn)
    .map(({ inputs }) => ({ id: String(inputs.targetId), port: Number(inputs.port ?? port) }));
  const groups = resources
    .ofType("aws:autoscaling/group:Group")
    .filter(({ inputs }) => ((inputs.targetGroupArns as string[] | undefined) ?? []).includes(String(arn)))
    .map(({ id }) => id);
  const attachments = resources
    .where("aws:autoscaling/attachment:Attachment", "lbTargetGroupArn", arn)
    .map(({ inputs }) => String(inputs.autoscalingGroupName));
  return [...attached, ...[...groups, ...attachments].map((id) => ({ id, port }))];
}

function securityBreaks(loadBalancer: RecordedResource, target: Target, resources: Resources): Break[] {
  const backend = securityOf(target.id, resources);
  const ownGroups = (loadBalancer.inputs.securityGroups as string[] | undefined) ?? [];
  const refused = addressesOf(loadBalancer, resources).filter(
    (address) =>
      !letsIn(backend.securityGroups, { address, securityGroups: ownGroups }, target.port, resources),
  );
  const breaks: Break[] = [];
  if (refused.length > 0) {
    const addresses = refused.map((address) => address ?? "an address that AWS chooses").join(", ");
    breaks.push({
      rule: "security-group-refuses",
      message: `no security group of ${target.id} admits load balancer ${loadBalancer.name} (${addresses}) on port ${target.port}: add an ingress rule for it.`,
    });
  }
  if (ownGroups.length > 0 && !letsOut(ownGroups, backend, target.port, resources)) {
    breaks.push({
      rule: "load-balancer-keeps-in",
      message: `no security group of load balancer ${loadBalancer.name} lets it out to ${target.id} on port ${target.port}: add an egress rule for it.`,
    });
  }
  return breaks;
}

/**
 * A VPC link arrives by PrivateLink, from addresses that no rule can name; a load balancer with security groups
 * checks them unless told not to.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
function privateLinkBreak(
  loadBalancer: RecordedResource,
  port: number,
  resources: Resources,
): Break | undefined {
  const groups = (loadBalancer.inputs.securityGroups as string[] | undefined) ?? [];
  const enforced = loadBalancer.inputs.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic !== "off";
  if (groups.length === 0 || !enforced || letsIn(groups, { securityGroups: [] }, port, resources))
    return undefined;
  return {
    rule: "private-link-refused",
    message: `load balancer ${loadBalancer.name} applies its security groups to the VPC link's traffic and none admits it on port ${port}: set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to "off".`,
  };
}

/** One per zone: given, or looked up by the program; undefined where AWS chooses and nobody asked. */
function addressesOf(loadBalancer: RecordedResource, resources: Resources): (string | undefined)[] {
  const mappings: { subnetId: string; privateIpv4Address?: string }[] =
    (loadBalancer.inputs.subnetMappings as { subnetId: string }[] | undefined) ??
    ((loadBalancer.inputs.subnets as string[] | undefined) ?? []).map((subnetId) => ({ subnetId }));
  const found = resources
    .invokesOf("aws:ec2/getNetworkInterface:getNetworkInterface")
    .map(({ result }) => result);
  return mappings.map((mapping) => {
    const own = found.find(
      ({ subnetId, description }) =>
        subnetId === mapping.subnetId && String(description).includes(String(loadBalancer.outputs.arnSuffix)),
    );
    return mapping.privateIpv4Address ?? (own?.privateIp as string | undefined);
  });
}

/** Address and security groups of an instance, or of the instances of an auto scaling group. */
function securityOf(targetId: string, resources: Resources): Peer {
  const group = resources.byId("aws:autoscaling/group:Group", targetId);
  if (group) return { securityGroups: launchTemplateGroups(group, resources) };
  const instance = resources.byId("aws:ec2/instance:Instance", targetId);
  const known = resources
    .invokesOf("aws:ec2/getInstance:getInstance")
    .find(({ args }) => args.instanceId === targetId)?.result;
  const networkInterface = instance?.outputs.primaryNetworkInterfaceId ?? known?.networkInterfaceId;
  const attached = resources
    .where(
      "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
      "networkInterfaceId",
      networkInterface,
    )
    .map(({ inputs }) => String(inputs.securityGroupId));
  const own = (instance?.inputs.vpcSecurityGroupIds as string[] | undefined) ?? [];
  return {
    address: (instance?.outputs.privateIp ?? known?.privateIp) as string | undefined,
    securityGroups: networkInterface === undefined ? [] : [...own, ...attached],
  };
}

function launchTemplateGroups(group: RecordedResource, resources: Resources): string[] {
  const { id } = (group.inputs.launchTemplate as { id?: string } | undefined) ?? {};
  const template = resources.byId("aws:ec2/launchTemplate:LaunchTemplate", id);
  const direct = (template?.inputs.vpcSecurityGroupIds as string[] | undefined) ?? [];
  const interfaces =
    (template?.inputs.networkInterfaces as { securityGroups?: string[] }[] | undefined)?.flatMap(
      ({ securityGroups }) => securityGroups ?? [],
    ) ?? [];
  return [...direct, ...interfaces];
}

function quoted(text: string): string {
  return text === "" ? "(empty)" : text;
}
