import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend, BackendArgs } from "../backend";
import { Ec2Backend } from "../ec2-backend";

/** What a PSC service is reached through. */
export interface PscBackendArgs {
  /** Port of the proxy's own health endpoint. */
  healthPort: number;
  /** Ids of existing proxy instances. */
  instances?: string[];
  /** The stage's own proxies; in place of `instances`. */
  proxies?: aws.autoscaling.Group;
}

/** A service outside AWS, behind its partner's firewall, reached through an Nginx reverse proxy on the service's port. */
export class PscBackend implements Backend {
  readonly instances: string[];
  /** The proxy itself is asked, on its own port: a check passes no firewall and stops no other service's. */
  readonly healthCheck: aws.types.input.lb.TargetGroupHealthCheck;

  constructor(private readonly args: PscBackendArgs) {
    this.instances = args.instances ?? [];
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

  register(
    name: string,
    { targetGroup, port }: BackendArgs,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    const { proxies } = this.args;
    if (proxies) {
      const attachment = { autoscalingGroupName: proxies.name, lbTargetGroupArn: targetGroup.arn };
      return [new aws.autoscaling.Attachment(`${name}-proxies`, attachment, opts)];
    }
    return new Ec2Backend(this.instances).register(name, { targetGroup, port }, opts);
  }
}
