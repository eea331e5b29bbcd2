import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface LoadBalancerAccessArgs {
  /** The load balancer's security group and private addresses, one per zone. */
  loadBalancer: { securityGroupId: pulumi.Input<string>; addresses: pulumi.Input<string>[] };
  /** ID of the targets' security group. */
  securityGroupId: pulumi.Input<string>;
  /** TCP port. */
  port: number;
  /** Appended to the names of the rules, e.g. `-2`. */
  suffix: string;
  /** Descriptions of the rules. */
  descriptions: { egress: string; ingress: string };
  tags?: Record<string, string>;
}

/** Allows one port: egress from the load balancer to the targets, ingress from each of its addresses. */
export function allowLoadBalancer(
  name: string,
  args: LoadBalancerAccessArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { loadBalancer, securityGroupId, port, suffix, descriptions, tags } = args;
  const onPort = { ipProtocol: "tcp", fromPort: port, toPort: port };
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-egress${suffix}`,
    {
      securityGroupId: loadBalancer.securityGroupId,
      referencedSecurityGroupId: securityGroupId,
      ...onPort,
      description: descriptions.egress,
      tags,
    },
    opts,
  );
  loadBalancer.addresses.forEach((address, zone) => {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-ingress-zone-${zone + 1}${suffix}`,
      {
        securityGroupId,
        cidrIpv4: pulumi.interpolate`${address}/32`,
        ...onPort,
        description: descriptions.ingress,
        tags,
      },
      opts,
    );
  });
}
