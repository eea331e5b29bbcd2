import { coverage, parseRange } from "../../lib/cidr";
import { isObject, strings, toList } from "../../lib/json";
import { ruleFor } from "../rule";

const LOAD_BALANCERS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

export const internalLoadBalancer = ruleFor(LOAD_BALANCERS, {
  name: "internal-load-balancer",
  description: "A load balancer is reached through its VPC link, never from the internet.",
  check: ({ internal }) =>
    internal === true
      ? []
      : [
          "the load balancer is internet-facing; set internal: true (callers could bypass the gateway, its authorizers and its web ACL)",
        ],
});

/** Ranges with a shorter prefix count as the whole internet. */
const SHORTEST = { ipv4: 8, ipv6: 16 };

export function isOpen(cidr: string): boolean {
  const range = parseRange(cidr);
  return range !== undefined && range.prefix < SHORTEST[range.family];
}

/** The ranges that allow everyone: each on its own, or all of a family together, such as 0.0.0.0/1 with 128.0.0.0/1. */
export function openRanges(cidrs: string[]): string[] {
  const open = cidrs.filter(isOpen);
  if (open.length > 0) return open;
  const families = ["ipv4", "ipv6"] as const;
  return families.flatMap((family) =>
    coverage(cidrs, family) > 2 ** -SHORTEST[family] * MOST_RANGES
      ? [`${cidrs.filter((cidr) => parseRange(cidr)?.family === family).length} ${family} ranges together`]
      : [],
  );
}

/** So many ranges of the shortest prefix, one eighth of the address space, count as the whole internet too. */
const MOST_RANGES = 32;

export const closedIngress = ruleFor([SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE], {
  name: "closed-ingress",
  description: "A security group allows certain addresses or groups, never the whole internet.",
  check: (inputs, { type }) => openRanges(ingressCidrs(type, inputs)).map(openIngress),
});

const openIngress = (cidr: string) =>
  `ingress from ${cidr} allows everyone; allow the load balancer's addresses or another security group instead`;

function ingressCidrs(type: string, inputs: Record<string, unknown>): string[] {
  if (type === INGRESS_RULE) return [...strings(inputs.cidrIpv4), ...strings(inputs.cidrIpv6)];
  if (type === SECURITY_GROUP_RULE) return inputs.type === "ingress" ? inlineCidrs(inputs) : [];
  return toList(inputs.ingress).filter(isObject).flatMap(inlineCidrs);
}

const inlineCidrs = (rule: Record<string, unknown>) => [
  ...strings(rule.cidrBlocks),
  ...strings(rule.ipv6CidrBlocks),
];

export const instanceMetadata = ruleFor(
  ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  {
    name: "instance-metadata-v2",
    description: "An instance requires a session token for metadata requests (IMDSv2).",
    check: ({ metadataOptions }) =>
      isObject(metadataOptions) && metadataOptions.httpTokens === "required"
        ? []
        : [
            'set metadataOptions.httpTokens: "required", or a caller could get the role credentials through a proxy on it',
          ],
  },
);
