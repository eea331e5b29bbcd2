import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A load balancer, as far as its health checks go. */
export interface HealthCheckSource {
  /** Its security group. */
  securityGroupId: pulumi.Input<string>;
  /** Its private IPv4 addresses, one per zone: a plain list, so that their number is known in a preview. */
  addresses: pulumi.Input<string>[];
}

export interface PscHealthAccessArgs {
  vpcId: pulumi.Input<string>;
  /** Port of the proxies' health endpoint. */
  healthPort: number;
  loadBalancers: HealthCheckSource[];
  tags?: Record<string, string>;
}

/** The security group by which proxies admit the load balancers' health checks; the services' ports are the services'. */
export class PscHealthAccess extends pulumi.ComponentResource {
  readonly securityGroup: aws.ec2.SecurityGroup;

  constructor(name: string, args: PscHealthAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscHealthAccess", name, {}, opts);
    const parent = this;
    const { healthPort, tags } = args;
    const port = { ipProtocol: "tcp", fromPort: healthPort, toPort: healthPort, tags };

    this.securityGroup = createSecurityGroup();
    args.loadBalancers.forEach((loadBalancer, index) => {
      createRules(this.securityGroup, loadBalancer, index === 0 ? "" : `-${index + 1}`);
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

    /** Out of the load balancer and in from each of its addresses. */
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
