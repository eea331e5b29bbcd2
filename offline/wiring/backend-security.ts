import type { Resources } from "../model/resources";
import { allowsEgress, allowsIngress, type Peer } from "../model/security-groups";
import type { Recorded } from "../recording/aws-types";
import type { Report } from "./rules";

/** Where a service's requests arrive behind the load balancer. */
export interface Target {
  /** EC2 instance id, or the name of an Auto Scaling group. */
  id: string;
  port: number;
}

type LoadBalancer = Recorded<"aws:lb/loadBalancer:LoadBalancer">;

/** Whether security groups let the load balancer reach a target's port. */
export function checkSecurityGroups(
  loadBalancer: LoadBalancer,
  { id, port }: Target,
  resources: Resources,
  report: Report,
): void {
  const target = peerOf(id, resources);
  const { securityGroups = [] } = loadBalancer.inputs;
  const refused = addressesOf(loadBalancer, resources).filter(
    (address) => !allowsIngress(target.securityGroups, { address, securityGroups }, port, resources),
  );
  if (refused.length > 0) {
    const addresses = refused.map((address) => address ?? "an address that AWS chooses");
    report("security-group-refuses", id, loadBalancer.name, addresses, port);
  }
  if (securityGroups.length > 0 && !allowsEgress(securityGroups, target, port, resources))
    report("load-balancer-egress-denied", loadBalancer.name, id, port);
}

/**
 * A VPC link's traffic arrives by PrivateLink, from addresses that no rule can name. A load balancer with security groups
 * applies them to it unless enforcement is off.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
export function checkPrivateLink(
  { name, inputs }: LoadBalancer,
  port: number,
  resources: Resources,
  report: Report,
): void {
  const { securityGroups = [], enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced } = inputs;
  if (securityGroups.length === 0 || enforced === "off") return;
  if (!allowsIngress(securityGroups, { securityGroups: [] }, port, resources))
    report("private-link-refused", name, port);
}

/** One per zone: set, or looked up by the program; undefined where AWS chooses and the program does not look. */
function addressesOf({ inputs, outputs }: LoadBalancer, resources: Resources): (string | undefined)[] {
  const mappings: { subnetId: string; privateIpv4Address?: string }[] =
    inputs.subnetMappings ?? (inputs.subnets ?? []).map((subnetId) => ({ subnetId }));
  const interfaces = resources
    .invokesOf("aws:ec2/getNetworkInterface:getNetworkInterface")
    .map(({ result }) => result as { subnetId: string; description: string; privateIp: string });
  return mappings.map(({ subnetId, privateIpv4Address }) => {
    const found = interfaces.find(
      (one) => one.subnetId === subnetId && one.description.includes(outputs.arnSuffix),
    );
    return privateIpv4Address ?? found?.privateIp;
  });
}

/** Address and security groups of an instance, or of the instances of an Auto Scaling group. */
function peerOf(targetId: string, resources: Resources): Peer {
  const group = resources.byId("aws:autoscaling/group:Group", targetId);
  if (group) {
    const templateId = group.inputs.launchTemplate?.id;
    const { vpcSecurityGroupIds = [], networkInterfaces = [] } =
      resources.byId("aws:ec2/launchTemplate:LaunchTemplate", templateId)?.inputs ?? {};
    const attached = networkInterfaces.flatMap(({ securityGroups = [] }) => securityGroups);
    return { securityGroups: [...vpcSecurityGroupIds, ...attached] };
  }
  const instance = resources.byId("aws:ec2/instance:Instance", targetId);
  const existing = resources
    .invokesOf("aws:ec2/getInstance:getInstance")
    .find(({ args }) => args.instanceId === targetId)?.result as
    | { networkInterfaceId: string; privateIp: string }
    | undefined;
  const networkInterface = instance?.outputs.primaryNetworkInterfaceId ?? existing?.networkInterfaceId;
  if (networkInterface === undefined) return { securityGroups: [] };
  const attached = resources
    .where(
      "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
      "networkInterfaceId",
      networkInterface,
    )
    .map(({ inputs }) => inputs.securityGroupId);
  return {
    address: instance?.outputs.privateIp ?? existing?.privateIp,
    securityGroups: [...(instance?.inputs.vpcSecurityGroupIds ?? []), ...attached],
  };
}
