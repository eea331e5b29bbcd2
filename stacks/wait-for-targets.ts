import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { TargetWaits } from "../components/backends/target-waits";
import { prop } from "../lib/json";

/** A target of a target group, as the load balancer sees it. */
export interface TargetState {
  id: string;
  /** healthy, initial, unhealthy, draining, … */
  state: string;
  reason?: string;
}

export interface WaitOptions {
  /** The targets of the target group with this ARN. */
  describe(targetGroupArn: string): Promise<TargetState[]>;
  pollMs: number;
  limitMs: number;
}

/** Waits until a target other than the `known` ones is healthy.
 * @throws Error with the targets' states when none is in time */
export async function untilHealthy(
  targetGroupArn: string,
  known: ReadonlySet<string>,
  { describe, pollMs, limitMs }: WaitOptions,
): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    const targets = await describe(targetGroupArn);
    if (targets.some(({ id, state }) => state === "healthy" && !known.has(id))) return;
    if (Date.now() >= end) throw new Error(notHealthy(targetGroupArn, targets, limitMs));
    await sleep(pollMs);
  }
}

function notHealthy(targetGroupArn: string, targets: TargetState[], limitMs: number): string {
  const name = targetGroupArn.split("/")[1] ?? targetGroupArn;
  const states = targets.map(({ id, state, reason }) => `${id} ${state}${reason ? ` (${reason})` : ""}`);
  return (
    `no new target of target group ${name} is healthy after ${limitMs / 60_000} minutes: ${states.join(", ") || "it has none"}. ` +
    "Callers are still served as before. Start the service there and run pulumi up again; gateway:targetWaitMinutes sets the limit, 0 does not wait."
  );
}

/**
 * Pulumi orders resources, but AWS reports a registered target before its health checks pass. These hooks wait in
 * between, in `pulumi up` only: a target that joins healthy ones before those are deregistered, and the targets of
 * another port or load balancer before an API stage sends requests there. A first deployment waits for nothing, and
 * neither does a target that joins no healthy one.
 */
export function targetWaits(options: WaitOptions): TargetWaits {
  const healthyBefore = new Map<string, Set<string>>();
  const healthy = async (targetGroupArn: string) =>
    new Set(
      (await options.describe(targetGroupArn)).flatMap(({ id, state }) => (state === "healthy" ? id : [])),
    );
  const groupOf = ({ newInputs }: pulumi.ResourceHookArgs) =>
    String(newInputs?.targetGroupArn ?? newInputs?.lbTargetGroupArn);

  const before = new pulumi.ResourceHook("targets-before", async (args) => {
    healthyBefore.set(args.urn, await healthy(groupOf(args)));
  });
  const after = new pulumi.ResourceHook("targets-healthy", async (args) => {
    const known = healthyBefore.get(args.urn) ?? new Set();
    if (known.size > 0) await untilHealthy(groupOf(args), known, options);
  });
  return {
    registration: { beforeCreate: [before], afterCreate: [after] },
    moveTo: (name, targetGroupArn) => ({
      beforeUpdate: [
        new pulumi.ResourceHook(`${name}-targets-healthy`, async ({ oldInputs, newInputs }) => {
          const [from, to] = [oldInputs, newInputs].map((inputs) => upstreamOf(inputs));
          if (from === undefined || to === undefined || from === to) return;
          await untilHealthy(await resolved(targetGroupArn), new Set(), options);
        }),
      ],
    }),
  };
}

/** Where an API stage sends requests; undefined when functions answer them all. */
function upstreamOf(stage: unknown): string | undefined {
  const variables = prop(stage, "variables");
  const nlb = prop(variables, "VPCNLB");
  return nlb === undefined ? undefined : `${prop(variables, "VPCLINK")} ${nlb}`;
}

const resolved = (output: pulumi.Output<string>) =>
  new Promise<string>((resolve) => {
    output.apply(resolve);
  });

/** The targets as AWS describes them, with the program's own credentials: those that the AWS provider uses too. */
export async function describeTargets(targetGroupArn: string): Promise<TargetState[]> {
  // Loaded here: most runs wait for nothing.
  const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } = await import(
    "@aws-sdk/client-elastic-load-balancing-v2"
  );
  const provider = new pulumi.Config("aws");
  const [region, profile] = ["region", "profile"].map((key) => provider.get(key));
  const client = new ElasticLoadBalancingV2Client({ ...(region && { region }), ...(profile && { profile }) });
  const { TargetHealthDescriptions = [] } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
    id: `${Target?.Id}:${Target?.Port}`,
    state: TargetHealth?.State ?? "unknown",
    ...(TargetHealth?.Description && { reason: TargetHealth.Description }),
  }));
}
