import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName, ordinalSuffix } from "../names";
import type { ServiceEdge } from "../stage/stage";
import type { Backend } from "./backend";
import { allowLoadBalancer } from "./load-balancer-access";
import type { TargetWaits } from "./target-waits";

export interface ApiServiceBackendArgs {
  /** Name of the stage. */
  stage: string;
  /** The load balancer and security group it uses. */
  edge: ServiceEdge;
  /** TCP port, the same on the load balancer and on the backend. */
  port: number;
  backend: Backend;
  vpcId: pulumi.Input<string>;
  /** Default: targets are used before they are healthy. */
  waits?: TargetWaits;
  tags?: Record<string, string>;
}

/** Connects one service's backend to the load balancer: listener, target group, security group rules. */
export class ApiServiceBackend extends pulumi.ComponentResource {
  readonly targetGroup: aws.lb.TargetGroup;

  constructor(name: string, args: ApiServiceBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiServiceBackend", name, {}, opts);
    const parent = this;
    const { edge, port, backend, tags } = args;
    const { loadBalancer } = edge.loadBalancer;
    // Named by the port, not by the service: a renamed service keeps all of it, and AWS allows one listener and one
    // identical rule per port. A target group can serve only one load balancer, so each load balancer has its own.
    const onPort = `${edge.loadBalancer.name}-${port}`;
    const onLoadBalancer = ordinalSuffix(edge.assignment.loadBalancer);

    createRules();
    this.targetGroup = createTargetGroup();
    createListener(this.targetGroup);
    registerTargets(this.targetGroup);
    this.registerOutputs({ targetGroupArn: this.targetGroup.arn });

    function createRules(): void {
      allowLoadBalancer(
        onPort,
        {
          loadBalancer: edge.loadBalancer,
          securityGroupId: edge.backendSecurityGroup.securityGroup.id,
          port,
          suffix: ordinalSuffix(edge.assignment.securityGroup),
          descriptions: {
            egress: `To the backend of ${name}`,
            ingress: `From the load balancer of the API gateway to ${name}`,
          },
          tags,
        },
        { parent },
      );
    }

    /**
     * Replaced with the NLB: a target group can serve only one NLB, and the new NLB exists before the old one is gone.
     * Not needed when the NLB is delete-before-replace.
     */
    function createTargetGroup(): aws.lb.TargetGroup {
      return new aws.lb.TargetGroup(
        limitedName("targetGroup", `${args.stage}-${port}${onLoadBalancer}`),
        {
          port,
          protocol: "TCP",
          targetType: backend.targetType,
          vpcId: args.vpcId,
          // Requests then come from the load balancer's addresses, which the rules allow. Source:
          // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
          preserveClientIp: "false",
          // Longer than API Gateway's default integration timeout of 29 s, so that requests in flight complete.
          deregistrationDelay: 60,
          healthCheck: backend.healthCheck,
          tags,
        },
        {
          parent,
          replaceWith: edge.loadBalancer.deleteBeforeReplace ? [] : [loadBalancer],
          aliases: [{ name: `${name}-tg${onLoadBalancer}` }],
        },
      );
    }

    /** Attach the security group before registering the target, detach it after deregistering. */
    function registerTargets(targetGroup: aws.lb.TargetGroup): void {
      const { attachments } = edge.backendSecurityGroup;
      const dependsOn = (backend.instances ?? []).flatMap((instance) => attachments.get(instance) ?? []);
      const targets = `${onPort}-target`;
      const transformations = [aliasing(targets, `${name}-target${onLoadBalancer}`)];
      const hooks = args.waits?.registration;
      backend.register(targets, { targetGroup, port }, { parent, dependsOn, transformations, hooks });
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

/**
 * Stages that were brought up when names had the service instead of the port keep their resources: a target that is
 * registered under a new name and then deregistered under the old one would be gone.
 */
function aliasing(prefix: string, formerPrefix: string): pulumi.ResourceTransformation {
  return ({ name, props, opts }) => ({
    props,
    opts: pulumi.mergeOptions(opts, { aliases: [{ name: name.replace(prefix, formerPrefix) }] }),
  });
}
