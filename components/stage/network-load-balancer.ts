import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../names";

/** One availability zone of a load balancer. */
export interface LoadBalancerZone {
  /** Its subnet there. */
  subnetId: pulumi.Input<string>;
  /** Its fixed private IPv4 address there. Default: AWS chooses one. */
  address?: string;
}

export interface NetworkLoadBalancerArgs {
  network: { vpcId: pulumi.Input<string>; zones: LoadBalancerZone[] };
  /** Refuse to delete it, in Pulumi and in AWS. */
  protect: boolean;
  tags?: Record<string, string>;
}

/** The internal load balancer behind a stage's APIs, with the VPC link through which they reach it. */
export class NetworkLoadBalancer extends pulumi.ComponentResource {
  readonly name: string;
  /** A replacement deletes it before it makes the new one: two cannot hold the same fixed address. */
  readonly deletedFirst: boolean;
  readonly loadBalancer: aws.lb.LoadBalancer;
  /** Closed to the network; lets out to the backends only what each service adds. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly link: aws.apigateway.VpcLink;
  /** Its private IPv4 addresses, one per zone: where its requests and health checks come from. */
  readonly addresses: pulumi.Output<string>[];

  constructor(name: string, args: NetworkLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:NetworkLoadBalancer", name, {}, opts);
    const parent = this;
    const { network, tags } = args;

    const deletedFirst = network.zones.some(({ address }) => address !== undefined);

    this.name = name;
    this.deletedFirst = deletedFirst;
    this.securityGroup = createSecurityGroup();
    this.loadBalancer = createLoadBalancer(this.securityGroup);
    this.link = createLink(this.loadBalancer);
    this.addresses = findAddresses(this.loadBalancer);
    this.registerOutputs({
      dnsName: this.loadBalancer.dnsName,
      linkId: this.link.id,
      addresses: this.addresses,
    });

    /**
     * There from the start: AWS attaches no security group to an NLB that was made without one.
     * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
     */
    function createSecurityGroup(): aws.ec2.SecurityGroup {
      return new aws.ec2.SecurityGroup(
        `${name}-sg`,
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
          // A VPC link arrives by PrivateLink, from addresses outside this VPC that no rule could name.
          enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
          enableCrossZoneLoadBalancing: true,
          enableDeletionProtection: args.protect,
          tags,
        },
        {
          parent,
          protect: args.protect,
          deleteBeforeReplace: deletedFirst,
        },
      );
    }

    /** Refers to the load balancer, so that it goes first: AWS keeps an NLB as long as a link uses it. */
    function createLink(loadBalancer: aws.lb.LoadBalancer): aws.apigateway.VpcLink {
      return new aws.apigateway.VpcLink(
        `${name}-link`,
        { targetArn: loadBalancer.arn, description: `To load balancer ${name}`, tags },
        { parent, customTimeouts: { create: "30m", delete: "30m" } },
      );
    }

    /** AWS tells the addresses it chose by the network interfaces, whose description names the load balancer. */
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
