import { parseCIDR } from "ipaddr.js";
import { ruleFor } from "../rule";
import { isObject, list, strings } from "../values";

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
          "the load balancer is internet-facing; set internal: true (a caller could go around the gateway, its authorizer and its web ACL)",
        ],
});

/** Prefixes shorter than these cover so much of the address space that they amount to "everyone". */
const SHORTEST = { ipv4: 8, ipv6: 16 };

export function isOpen(cidr: string): boolean {
  try {
    const [address, bits] = parseCIDR(cidr);
    return bits < SHORTEST[address.kind()];
  } catch {
    return false;
  }
}

export const closedIngress = ruleFor([SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE], {
  name: "closed-ingress",
  description: "A security group admits named addresses or groups, never the whole internet.",
  check: (inputs, { type }) => ingressCidrs(type, inputs).filter(isOpen).map(openIngress),
});

const openIngress = (cidr: string) =>
  `ingress from ${cidr} admits everyone; admit the load balancer's addresses or another security group instead`;

function ingressCidrs(type: string, inputs: Record<string, unknown>): string[] {
  if (type === INGRESS_RULE) return [...strings(inputs.cidrIpv4), ...strings(inputs.cidrIpv6)];
  if (type === SECURITY_GROUP_RULE) return inputs.type === "ingress" ? inlineCidrs(inputs) : [];
  return list(inputs.ingress).filter(isObject).flatMap(inlineCidrs);
}

const inlineCidrs = (rule: Record<string, unknown>) => [
  ...strings(rule.cidrBlocks),
  ...strings(rule.ipv6CidrBlocks),
];

export const instanceMetadata = ruleFor(
  ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"],
  {
    name: "instance-metadata-v2",
    description: "An instance answers metadata requests only with a session token (IMDSv2).",
    check: ({ metadataOptions }) =>
      isObject(metadataOptions) && metadataOptions.httpTokens === "required"
        ? []
        : [
            'set metadataOptions.httpTokens: "required", or a proxy on it could be talked into handing out its role',
          ],
  },
);
