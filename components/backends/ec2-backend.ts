import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend, BackendArgs } from "./backend";

/** A service on EC2 instances that exist already, each listening on the service's port. */
export class Ec2Backend implements Backend {
  readonly healthCheck = { protocol: "TCP" };

  constructor(readonly instances: string[]) {}

  register(
    name: string,
    { targetGroup, port }: BackendArgs,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    return this.instances.map(
      (instance) =>
        new aws.lb.TargetGroupAttachment(
          `${name}-${instance}`,
          { targetGroupArn: targetGroup.arn, targetId: instance, port },
          opts,
        ),
    );
  }
}
