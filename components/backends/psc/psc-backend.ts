import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Backend, BackendArgs } from "../backend";
import { Ec2Backend } from "../ec2-backend";

/**
 * A service at PSC, the Pittsburgh Supercomputing Center, behind its firewall; reached through an Nginx reverse proxy
 * that listens on the service's port.
 */
export class PscBackend implements Backend {
  readonly targetType = "instance";
  readonly instances: string[];
  /**
   * A proxy listens on the service's port as soon as it has the service's configuration, and whatever state the partner
   * is in. The same protocol and port as of other backends, so that a service can move between them.
   */
  readonly healthCheck = { protocol: "TCP", interval: 10, healthyThreshold: 2, unhealthyThreshold: 2 };

  /**
   * @param proxies the existing proxy instances, or the Auto Scaling group of the stage's proxies
   * @param outbound what the proxies need to reach the partners; deleted only after they are no targets any more
   */
  constructor(
    private readonly proxies: string[] | aws.autoscaling.Group,
    private readonly outbound: pulumi.Resource[] = [],
  ) {
    this.instances = Array.isArray(proxies) ? proxies : [];
  }

  register(name: string, args: BackendArgs, opts: pulumi.CustomResourceOptions): void {
    const { proxies } = this;
    if (Array.isArray(proxies)) {
      new Ec2Backend(proxies).register(name, args, opts);
    } else {
      const attachment = { autoscalingGroupName: proxies.name, lbTargetGroupArn: args.targetGroup.arn };
      const dependsOn = pulumi.output(opts.dependsOn ?? []).apply((others) => [others, this.outbound].flat());
      new aws.autoscaling.Attachment(`${name}-proxies`, attachment, { ...opts, dependsOn });
    }
  }
}
