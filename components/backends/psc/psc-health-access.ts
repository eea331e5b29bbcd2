import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ordinalSuffix } from "../../names";

/** A load balancer that sends health checks. */
export interface HealthCheckSource {
  /** ID of its security group. */
  securityGroupId: pulumi.Input<string>;
  /** Private IPv4 addresses, one per zone; a plain array, so that a preview knows how many there are. */
  addresses: pulumi.Input<string>[];
}

export interface PscHealthAccessArgs {
  vpcId: pulumi.Input<string>;
  /** Port of the proxies' health endpoint. */
  healthPort: number;
  loadBalancers: HealthCheckSource[];
  tags?: Record<string, string>;
}

/** The security group for the load balancers' health checks of the proxies. Each service adds the rules for its own port. */
export class PscHealthAccess extends pulumi.ComponentResource {
  readonly securityGroup: aws.ec2.SecurityGroup;

  constructor(name: string, args: PscHealthAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscHealthAccess", name, {}, opts);
    const parent = this;
    const { healthPort, tags } = args;
    const port = { ipProtocol: "tcp", fromPort: healthPort, toPort: healthPort, tags };

    this.securityGroup = createSecurityGroup();
    args.loadBalancers.forEach((loadBalancer, index) => {
      createRules(this.securityGroup, loadBalancer, ordinalSuffix(index));
    });
    this.registerOutputs({ securityGroupId: this.securityGroup.id });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      return new aws.ec2.SecurityGroup(
        `${name}-sg`,
        {
          vpcId: args.vpcId,
          description: "Admits health checks of the load balancers of the API gateway to the PSC proxies",
          tags: { ...tags, Name: name },
        },
        { parent },
      );
    }

    /** Egress from the load balancer, ingress from each of its addresses. */
    function createRules(
      group: aws.ec2.SecurityGroup,
      { securityGroupId, addresses }: HealthCheckSource,
      suffix: string,
    ): void {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-egress${suffix}`,
        {
          ...port,
          securityGroupId,
          referencedSecurityGroupId: group.id,
          description: "Health checks of the PSC proxies",
        },
        { parent },
      );
      addresses.forEach((address, zone) => {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-ingress-zone-${zone + 1}${suffix}`,
          {
            ...port,
            securityGroupId: group.id,
            cidrIpv4: pulumi.interpolate`${address}/32`,
            description: "Health checks of the load balancer of the API gateway",
          },
          { parent },
        );
      });
    }
  }
}
