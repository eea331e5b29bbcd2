import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkLoadBalancer } from "../stage/network-load-balancer";

export interface LoadBalancerAccessArgs {
  loadBalancer: NetworkLoadBalancer;
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
      securityGroupId: loadBalancer.securityGroup.id,
      referencedSecurityGroupId: securityGroupId,
      ...onPort,
      description: descriptions.egress,
      tags,
    },
    opts,
  );
  loadBalancer.addresses.forEach((address, index) => {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-ingress-${loadBalancer.zones[index]}${suffix}`,
      {
        securityGroupId,
        cidrIpv4: pulumi.interpolate`${address}/32`,
        ...onPort,
        description: descriptions.ingress,
        tags,
      },
      {
        ...opts,
        // A changed address gets a new rule; the old one is deleted last, so that a load balancer that is still in use
        // while its replacement is created stays admitted.
        replaceOnChanges: ["cidrIpv4"],
        // Stages that were brought up when rules were named by the order of the zones keep them: AWS refuses a second.
        aliases: [{ name: `${name}-ingress-zone-${index + 1}${suffix}` }],
      },
    );
  });
}
