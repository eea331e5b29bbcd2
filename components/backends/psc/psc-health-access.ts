import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ordinalSuffix } from "../../names";
import type { NetworkLoadBalancer } from "../../stage/network-load-balancer";
import { allowLoadBalancer } from "../load-balancer-access";

export interface PscHealthAccessArgs {
  vpcId: pulumi.Input<string>;
  /** Port of the proxies' health endpoint. */
  healthPort: number;
  /** The load balancers that send health checks. */
  loadBalancers: NetworkLoadBalancer[];
  tags?: Record<string, string>;
}

/** The security group for the load balancers' health checks of the proxies. Each service adds the rules for its own port. */
export class PscHealthAccess extends pulumi.ComponentResource {
  readonly securityGroup: aws.ec2.SecurityGroup;

  constructor(name: string, args: PscHealthAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscHealthAccess", name, {}, opts);
    const parent = this;
    const { healthPort, tags } = args;

    this.securityGroup = createSecurityGroup();
    createRules(this.securityGroup);
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

    function createRules({ id: securityGroupId }: aws.ec2.SecurityGroup): void {
      const descriptions = {
        egress: "Health checks of the PSC proxies",
        ingress: "Health checks of the load balancer of the API gateway",
      };
      args.loadBalancers.forEach((loadBalancer, index) => {
        const suffix = ordinalSuffix(index);
        allowLoadBalancer(
          name,
          { loadBalancer, securityGroupId, port: healthPort, suffix, descriptions, tags },
          { parent },
        );
      });
    }
  }
}
