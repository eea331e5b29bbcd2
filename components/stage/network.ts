import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

/** One availability zone of the load balancers. */
export interface Zone {
  /** Their subnet there. */
  subnetId: pulumi.Input<string>;
  /** Fixed private IPv4 addresses there, one per load balancer. Default: AWS chooses them. */
  addresses?: string[];
}

/** Where a stage's load balancers live. */
export interface Network {
  vpcId: pulumi.Input<string>;
  /** One per availability zone; a plain list, so that the number of zones is known in a preview. */
  zones: Zone[];
  /** Public addresses of its NAT gateways, where they are known. */
  natAddresses?: pulumi.Input<string[]>;
}

export interface OwnNetworkArgs {
  /** IPv4 range of the VPC, /16 to /28. */
  cidr: string;
  /** Number of availability zones. */
  zones: number;
  tags?: Record<string, string>;
}

/**
 * A VPC of its own for a stage: a public and a private subnet per zone, one NAT gateway for them all.
 * The awsx component is remote, so its lists are outputs: their lengths come from the arguments.
 */
export function ownNetwork(
  name: string,
  args: OwnNetworkArgs,
  opts?: pulumi.ComponentResourceOptions,
): Network {
  const vpc = new awsx.ec2.Vpc(
    `${name}-vpc`,
    {
      cidrBlock: args.cidr,
      numberOfAvailabilityZones: args.zones,
      natGateways: { strategy: awsx.ec2.NatGatewayStrategy.Single },
      subnetStrategy: awsx.ec2.SubnetAllocationStrategy.Auto,
      subnetSpecs: [{ type: awsx.ec2.SubnetType.Private }, { type: awsx.ec2.SubnetType.Public }],
      tags: { ...args.tags, Name: name },
    },
    opts,
  );
  return {
    vpcId: vpc.vpcId,
    natAddresses: pulumi
      .output(vpc.eips)
      .apply((eips) => pulumi.all((eips ?? []).map(({ publicIp }) => publicIp))),
    zones: Array.from({ length: args.zones }, (_, zone) => ({
      subnetId: pulumi.output(vpc.privateSubnetIds).apply((ids) => ids[zone] as string),
    })),
  };
}
