import ipaddr from "ipaddr.js";
import type { Resources } from "./resources";

/** Who wants to get through: an address, a member of security groups, or both. */
export interface Peer {
  address?: string;
  securityGroups: string[];
}

interface Rule {
  securityGroup: string;
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrs: string[];
  securityGroups: string[];
}

const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** Whether one of `groups` lets `peer` in on a TCP port. */
export function letsIn(groups: string[], peer: Peer, port: number, resources: Resources): boolean {
  return rules(groups, "ingress", resources).some((rule) => matches(rule, peer, port));
}

/** Whether one of `groups` lets its members out to `peer` on a TCP port. */
export function letsOut(groups: string[], peer: Peer, port: number, resources: Resources): boolean {
  return rules(groups, "egress", resources).some((rule) => matches(rule, peer, port));
}

/** Number of rules of a group and direction, as AWS counts them. */
export function countRules(group: string, direction: "ingress" | "egress", resources: Resources): number {
  return rules([group], direction, resources).reduce(
    (count, { cidrs, securityGroups }) => count + cidrs.length + securityGroups.length,
    0,
  );
}

function rules(groups: string[], direction: "ingress" | "egress", resources: Resources): Rule[] {
  return [...separateRules(direction, resources), ...inlineRules(direction, resources)].filter(
    ({ securityGroup }) => groups.includes(securityGroup),
  );
}

function separateRules(direction: "ingress" | "egress", resources: Resources): Rule[] {
  return resources.ofType(direction === "ingress" ? ingressType : egressType).map(({ inputs }) => ({
    securityGroup: String(inputs.securityGroupId),
    protocol: String(inputs.ipProtocol),
    fromPort: Number(inputs.fromPort),
    toPort: Number(inputs.toPort),
    cidrs: [inputs.cidrIpv4, inputs.cidrIpv6].filter((cidr) => typeof cidr === "string"),
    securityGroups: [inputs.referencedSecurityGroupId].filter((group) => typeof group === "string"),
  }));
}

function inlineRules(direction: "ingress" | "egress", resources: Resources): Rule[] {
  return resources.ofType("aws:ec2/securityGroup:SecurityGroup").flatMap(({ id, inputs }) =>
    ((inputs[direction] as Record<string, unknown>[] | undefined) ?? []).map((rule) => ({
      securityGroup: id,
      protocol: String(rule.protocol),
      fromPort: Number(rule.fromPort),
      toPort: Number(rule.toPort),
      cidrs: [rule.cidrBlocks, rule.ipv6CidrBlocks].flatMap((cidrs) => (cidrs as string[] | undefined) ?? []),
      securityGroups: [...((rule.securityGroups as string[] | undefined) ?? []), ...(rule.self ? [id] : [])],
    })),
  );
}

function matches(rule: Rule, peer: Peer, port: number): boolean {
  const onPort =
    rule.protocol === "-1" || (rule.protocol === "tcp" && rule.fromPort <= port && port <= rule.toPort);
  if (!onPort) return false;
  return (
    rule.securityGroups.some((group) => peer.securityGroups.includes(group)) ||
    rule.cidrs.some(
      (cidr) => cidr === "0.0.0.0/0" || (peer.address !== undefined && contains(cidr, peer.address)),
    )
  );
}

function contains(cidr: string, address: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const parsed = ipaddr.parse(address);
  return network.kind() === parsed.kind() && parsed.match([network, bits]);
}
