import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface BackendArgs {
  /** The service's target group, to which the load balancer sends its requests. */
  targetGroup: aws.lb.TargetGroup;
  /** TCP port of the service. */
  port: number;
}

/** Where a service runs, behind its target group. */
export interface Backend {
  /** How the load balancer finds out that a target works. */
  healthCheck: aws.types.input.lb.TargetGroupHealthCheck;
  /** Ids of the EC2 instances whose security groups must admit the load balancer. */
  instances: string[];
  /** Declares what runs the service in the target group; children of `opts.parent`, named `${name}-…`. */
  register(name: string, args: BackendArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[];
}
