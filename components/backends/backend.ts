import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface BackendArgs {
  /** The service's target group. */
  targetGroup: aws.lb.TargetGroup;
  /** TCP port of the service. */
  port: number;
}

/** What runs a service behind its target group. */
export interface Backend {
  /** What the target group registers: EC2 instances, IP addresses, or an Application Load Balancer. */
  readonly targetType: "instance" | "ip" | "alb";
  /** How the load balancer checks a target. */
  readonly healthCheck: aws.types.input.lb.TargetGroupHealthCheck;
  /** IDs of existing EC2 instances whose security groups must allow the load balancer. Default: none. */
  readonly instances?: string[];
  /** Registers the targets; the resources are children of `opts.parent`, named `${name}-…`. */
  register(name: string, args: BackendArgs, opts: pulumi.CustomResourceOptions): void;
}
