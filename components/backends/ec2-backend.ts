import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend, BackendArgs } from "./backend";

/** A service on existing EC2 instances, each listening on the service's port. */
export class Ec2Backend implements Backend {
  readonly targetType = "instance";
  readonly healthCheck = { protocol: "TCP" };

  constructor(readonly instances: string[]) {}

  register(name: string, { targetGroup, port }: BackendArgs, opts: pulumi.CustomResourceOptions): void {
    for (const instance of this.instances) {
      new aws.lb.TargetGroupAttachment(
        `${name}-${instance}`,
        { targetGroupArn: targetGroup.arn, targetId: instance, port },
        opts,
      );
    }
  }
}
