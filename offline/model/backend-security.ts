import type { RecordedResource } from "../recording";
import type { Resources } from "./resources";
import type { Break, Target } from "./route-to-backend";
import { letsIn, letsOut, type Peer } from "./security-groups";

/** Why the load balancer does not get through to a port of its target, if it does not. */
export function securityBreaks(
  loadBalancer: RecordedResource,
  target: Target,
  port: number,
  resources: Resources,
): Break[] {
  const backend = securityOf(target.id, resources);
  const ownGroups = (loadBalancer.inputs.securityGroups as string[] | undefined) ?? [];
  const refused = addressesOf(loadBalancer, resources).filter(
    (address) => !letsIn(backend.securityGroups, { address, securityGroups: ownGroups }, port, resources),
  );
  const breaks: Break[] = [];
  if (refused.length > 0) {
    const addresses = refused.map((address) => address ?? "an address that AWS chooses").join(", ");
    breaks.push({
      rule: "security-group-refuses",
      message: `no security group of ${target.id} admits load balancer ${loadBalancer.name} (${addresses}) on port ${port}: add an ingress rule for it.`,
    });
  }
  if (ownGroups.length > 0 && !letsOut(ownGroups, backend, port, resources)) {
    breaks.push({
      rule: "load-balancer-keeps-in",
      message: `no security group of load balancer ${loadBalancer.name} lets it out to ${target.id} on port ${port}: add an egress rule for it.`,
    });
  }
  return breaks;
}

/**
 * A VPC link arrives by PrivateLink, from addresses that no rule can name; a load balancer with security groups
 * checks them unless told not to.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
export function privateLinkBreak(
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
