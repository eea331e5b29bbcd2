import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName, ordinalSuffix } from "../names";
import type { ServiceEdge } from "../stage/stage";
import type { Backend } from "./backend";

export interface ApiServiceBackendArgs {
  /** Its place at the stage's edge. */
  edge: ServiceEdge;
  /** TCP port, the same on the load balancer and on the backend. */
  port: number;
  backend: Backend;
  vpcId: pulumi.Input<string>;
  tags?: Record<string, string>;
}

/** The way of one service from the load balancer to its backend: listener, target group, security-group rules. */
export class ApiServiceBackend extends pulumi.ComponentResource {
  constructor(name: string, args: ApiServiceBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiServiceBackend", name, {}, opts);
    const parent = this;
    const { edge, port, backend, tags } = args;
    const { loadBalancer } = edge.loadBalancer;
    // A service that moves to another load balancer gets a target group beside the old one: AWS lets a target
    // group belong to one load balancer at a time.
    const onLoadBalancer = ordinalSuffix(edge.placement.loadBalancer);
    // What AWS lets exist once per port is named by the port, so that services can be renamed or swap ports.
    const onPort = `${edge.loadBalancer.name}-${port}`;

    createRules();
    const targetGroup = createTargetGroup();
    createListener(targetGroup);
    registerTargets(targetGroup);
    this.registerOutputs({ targetGroupArn: targetGroup.arn });

    /** Out of the load balancer to the backends, and in from each of its addresses, on this port alone. */
    function createRules(): void {
      const { securityGroup } = edge.backendSecurityGroup;
      const inGroup = ordinalSuffix(edge.placement.securityGroup);
      new aws.vpc.SecurityGroupEgressRule(
        `${onPort}-egress${inGroup}`,
        {
          securityGroupId: edge.loadBalancer.securityGroup.id,
          referencedSecurityGroupId: securityGroup.id,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          description: `To the backend of ${name}`,
          tags,
        },
        { parent },
      );
      edge.loadBalancer.addresses.forEach((address, zone) => {
        new aws.vpc.SecurityGroupIngressRule(
          `${onPort}-ingress-zone-${zone + 1}${inGroup}`,
          {
            securityGroupId: securityGroup.id,
            cidrIpv4: pulumi.interpolate`${address}/32`,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: `From the load balancer of the API gateway to ${name}`,
            tags,
          },
          { parent },
        );
      });
    }

    /**
     * Goes with its load balancer when that is replaced: the new one comes first, and AWS lets a target group be used
     * by one load balancer only. Not where the old one goes first: its listeners then free the target group.
     */
    function createTargetGroup(): aws.lb.TargetGroup {
      return new aws.lb.TargetGroup(
        limitedName("targetGroup", `${name}-tg${onLoadBalancer}`),
        {
          port,
          protocol: "TCP",
          targetType: "instance",
          vpcId: args.vpcId,
          // Every request then comes from an address of the load balancer, which the rules admit. Source:
          // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
          preserveClientIp: "false",
          // Longer than the integration timeout of most routes, so that running requests end.
          deregistrationDelay: 60,
          healthCheck: backend.healthCheck,
          tags,
        },
        { parent, replaceWith: edge.loadBalancer.deletedFirst ? [] : [loadBalancer] },
      );
    }

    /** An instance admits the load balancer before it becomes a target, and until it no longer is one. */
    function registerTargets(targetGroup: aws.lb.TargetGroup): void {
      const { attachments } = edge.backendSecurityGroup;
      const dependsOn = backend.instances.flatMap((instance) => attachments.get(instance) ?? []);
      backend.register(`${name}-target${onLoadBalancer}`, { targetGroup, port }, { parent, dependsOn });
    }

    function createListener(targetGroup: aws.lb.TargetGroup): aws.lb.Listener {
      return new aws.lb.Listener(
        `${onPort}-listener`,
        {
          loadBalancerArn: loadBalancer.arn,
          port,
          protocol: "TCP",
          defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
          tags,
        },
        { parent },
      );
    }
  }
}
