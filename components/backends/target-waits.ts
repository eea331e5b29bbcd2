import type * as pulumi from "@pulumi/pulumi";

/** Hooks that keep an update from moving callers to targets which are not healthy yet. */
export interface TargetWaits {
  /** For a resource that registers targets in a target group. */
  registration: pulumi.ResourceHookBinding;
  /** For a resource whose update moves callers to the target group. */
  moveTo(name: string, targetGroupArn: pulumi.Output<string>): pulumi.ResourceHookBinding;
}
