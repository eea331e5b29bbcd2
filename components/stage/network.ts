import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

/** One availability zone of the load balancers. */
export interface Zone {
  /** Identifies the zone in resource names. Default: its ordinal. */
  name?: string;
  /** Subnet of the load balancers in this zone. */
  subnetId: pulumi.Input<string>;
  /** Fixed private IPv4 addresses in that subnet, one per load balancer. Default: AWS chooses them. */
  addresses?: string[];
}

/** The VPC and subnets of a stage's load balancers. */
export interface Network {
  vpcId: pulumi.Input<string>;
  /** One per availability zone; a plain array, so that a preview knows how many there are. */
  zones: Zone[];
  /** Public addresses of its NAT gateways. Default: unknown. */
  natAddresses?: pulumi.Input<string[]>;
}

export interface NewNetworkArgs {
  /** IPv4 range of the VPC, /16 to /28. */
  cidr: string;
  /** Number of availability zones. */
  zones: number;
  tags?: Record<string, string>;
}

/**
 * A new VPC: a public and a private subnet per zone, and one NAT gateway. The awsx component is remote, so its lists
 * are outputs; their lengths come from the arguments.
 */
export function createNetwork(
  name: string,
  args: NewNetworkArgs,
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
