import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend, BackendArgs } from "../backend";
import { Ec2Backend } from "../ec2-backend";

export interface PscBackendArgs {
  /** Port of the proxy's health endpoint. */
  healthPort: number;
  /** The existing proxy instances, or the Auto Scaling group of the stage's proxies. */
  proxies: string[] | aws.autoscaling.Group;
}

/**
 * A service at PSC, the Pittsburgh Supercomputing Center, behind its firewall; reached through an Nginx reverse proxy
 * that listens on the service's port.
 */
export class PscBackend implements Backend {
  readonly targetType = "instance";
  readonly instances: string[];
  /** Checks the proxy itself, on a separate port: a failing partner must not take the other services' targets out of service. */
  readonly healthCheck: aws.types.input.lb.TargetGroupHealthCheck;

  constructor(private readonly args: PscBackendArgs) {
    this.instances = Array.isArray(args.proxies) ? args.proxies : [];
    this.healthCheck = {
      protocol: "HTTP",
      port: String(args.healthPort),
      path: "/health",
      matcher: "200",
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    };
  }

  register(name: string, args: BackendArgs, opts: pulumi.CustomResourceOptions): void {
    const { proxies } = this.args;
    if (Array.isArray(proxies)) {
      new Ec2Backend(proxies).register(name, args, opts);
    } else {
      const attachment = { autoscalingGroupName: proxies.name, lbTargetGroupArn: args.targetGroup.arn };
      new aws.autoscaling.Attachment(`${name}-proxies`, attachment, opts);
    }
  }
}
