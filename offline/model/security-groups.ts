import { contains } from "../../lib/cidr";
import type { Resources } from "./resources";

/** One end of a connection: an address, security groups, or both. */
export interface Peer {
  address?: string;
  securityGroups: string[];
}

interface Rule {
  securityGroup: string;
  protocol: string;
  fromPort?: number;
  toPort?: number;
  cidrs: string[];
  securityGroups: string[];
}

type Direction = "ingress" | "egress";

/** Whether one of `groups` allows `peer` in on a TCP port. */
export function allowsIngress(groups: string[], peer: Peer, port: number, resources: Resources): boolean {
  return rules(groups, "ingress", resources).some((rule) => matches(rule, peer, port));
}

/** Whether one of `groups` allows traffic out to `peer` on a TCP port. */
export function allowsEgress(groups: string[], peer: Peer, port: number, resources: Resources): boolean {
  return rules(groups, "egress", resources).some((rule) => matches(rule, peer, port));
}

/** Number of a group's rules in a direction, as AWS counts them: each range or group is one. */
export function countRules(group: string, direction: Direction, resources: Resources): number {
  return rules([group], direction, resources).reduce(
    (count, { cidrs, securityGroups }) => count + cidrs.length + securityGroups.length,
    0,
  );
}

function rules(groups: string[], direction: Direction, resources: Resources): Rule[] {
  const separate = [
    ...(direction === "ingress"
      ? resources.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      : resources.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")),
  ].map(({ inputs }) => ({
    securityGroup: inputs.securityGroupId,
    protocol: inputs.ipProtocol,
    fromPort: inputs.fromPort,
    toPort: inputs.toPort,
    cidrs: [inputs.cidrIpv4, inputs.cidrIpv6].filter((cidr) => cidr !== undefined),
    securityGroups: [inputs.referencedSecurityGroupId].filter((group) => group !== undefined),
  }));
  const inline = resources.ofType("aws:ec2/securityGroup:SecurityGroup").flatMap(({ id, inputs }) =>
    (inputs[direction] ?? []).map(
      ({ protocol, fromPort, toPort, cidrBlocks = [], ipv6CidrBlocks = [], securityGroups = [], self }) => ({
        securityGroup: id,
        protocol,
        fromPort,
        toPort,
        cidrs: [...cidrBlocks, ...ipv6CidrBlocks],
        securityGroups: self ? [...securityGroups, id] : securityGroups,
      }),
    ),
  );
  return [...separate, ...inline].filter(({ securityGroup }) => groups.includes(securityGroup));
}

function matches({ protocol, fromPort = 0, toPort = 0, ...rule }: Rule, peer: Peer, port: number): boolean {
  if (protocol !== "-1" && !(protocol === "tcp" && fromPort <= port && port <= toPort)) return false;
  return (
    rule.securityGroups.some((group) => peer.securityGroups.includes(group)) ||
    rule.cidrs.some(
      (cidr) => cidr === "0.0.0.0/0" || (peer.address !== undefined && contains(cidr, peer.address)),
    )
  );
}
