import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../names";

/** One availability zone of a load balancer. */
export interface LoadBalancerZone {
  /** Identifies the zone in resource names, so that zones can be added, removed and reordered. Default: its ordinal. */
  name?: string;
  /** Subnet of the load balancer in this zone. */
  subnetId: pulumi.Input<string>;
  /** Fixed private IPv4 address in that subnet. Default: AWS chooses one. */
  address?: string;
}

export interface NetworkLoadBalancerArgs {
  network: { vpcId: pulumi.Input<string>; zones: LoadBalancerZone[] };
  /** Refuse deletion, in Pulumi and in AWS. */
  protect: boolean;
  tags?: Record<string, string>;
}

/** The internal load balancer behind a stage's APIs, with the VPC link through which they reach it. */
export class NetworkLoadBalancer extends pulumi.ComponentResource {
  readonly name: string;
  /** With fixed addresses the old NLB is deleted first: two cannot hold the same address. */
  readonly deleteBeforeReplace: boolean;
  readonly loadBalancer: aws.lb.LoadBalancer;
  /** No ingress; egress only by the rule that each service adds. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly link: aws.apigateway.VpcLink;
  /** Private IPv4 addresses, one per zone: the source of its requests and health checks. */
  readonly addresses: pulumi.Output<string>[];
  /** Names of the zones, in the order of `addresses`. */
  readonly zones: string[];

  constructor(name: string, args: NetworkLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:NetworkLoadBalancer", name, {}, opts);
    const parent = this;
    const { network, tags } = args;

    const deleteBeforeReplace = network.zones.some(({ address }) => address !== undefined);

    this.name = name;
    this.deleteBeforeReplace = deleteBeforeReplace;
    this.securityGroup = createSecurityGroup();
    this.loadBalancer = createLoadBalancer(this.securityGroup);
    this.link = createLink(this.loadBalancer);
    this.addresses = findAddresses(this.loadBalancer);
    this.zones = network.zones.map(({ name }, index) => name ?? `zone-${index + 1}`);
    this.registerOutputs({
      dnsName: this.loadBalancer.dnsName,
      linkId: this.link.id,
      addresses: this.addresses,
    });

    /**
     * Needed at creation: AWS cannot attach a security group to an NLB that was created without one.
     * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
     */
    function createSecurityGroup(): aws.ec2.SecurityGroup {
      return new aws.ec2.SecurityGroup(
        limitedName("securityGroup", `${name}-sg`),
        {
          vpcId: network.vpcId,
          description: `Load balancer ${name} of the API gateway`,
          tags: { ...tags, Name: name },
        },
        { parent },
      );
    }

    function createLoadBalancer(securityGroup: aws.ec2.SecurityGroup): aws.lb.LoadBalancer {
      return new aws.lb.LoadBalancer(
        limitedName("loadBalancer", name),
        {
          loadBalancerType: "network",
          internal: true,
          subnetMappings: network.zones.map(({ subnetId, address }) => ({
            subnetId,
            ...(address === undefined ? {} : { privateIpv4Address: address }),
          })),
          securityGroups: [securityGroup.id],
          // VPC link traffic arrives through PrivateLink, from addresses outside this VPC that no rule could match.
          enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
          enableCrossZoneLoadBalancing: true,
          enableDeletionProtection: args.protect,
          tags,
        },
        { parent, protect: args.protect, deleteBeforeReplace },
      );
    }

    /** References the NLB so that Pulumi deletes the link first; AWS refuses to delete an NLB that a link uses. */
    function createLink(loadBalancer: aws.lb.LoadBalancer): aws.apigateway.VpcLink {
      return new aws.apigateway.VpcLink(
        `${name}-link`,
        { targetArn: loadBalancer.arn, description: `To load balancer ${name}`, tags },
        { parent, customTimeouts: { create: "30m", delete: "30m" } },
      );
    }

    /** Addresses that AWS chose are on the NLB's network interfaces, whose description names the load balancer. */
    function findAddresses(loadBalancer: aws.lb.LoadBalancer): pulumi.Output<string>[] {
      return network.zones.map(({ subnetId, address }) =>
        address !== undefined
          ? pulumi.output(address)
          : aws.ec2.getNetworkInterfaceOutput(
              {
                filters: [
                  { name: "description", values: [pulumi.interpolate`ELB ${loadBalancer.arnSuffix}`] },
                  { name: "subnet-id", values: [subnetId] },
                ],
              },
              { parent },
            ).privateIp,
      );
    }
  }
}
