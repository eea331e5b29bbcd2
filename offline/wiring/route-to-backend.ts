import type { Model } from "../model";
import type { Resources } from "../model/resources";
import type { Recorded } from "../recording/aws-types";
import { checkPrivateLink, checkSecurityGroups, type Target } from "./backend-security";
import type { Report } from "./rules";
import { checkTargetGroup } from "./target-group";

/** The path of a request from a VPC link to its backend, as far as it exists. */
export interface BackendRoute {
  loadBalancer?: Recorded<"aws:lb/loadBalancer:LoadBalancer">;
  targetGroup?: Recorded<"aws:lb/targetGroup:TargetGroup">;
  targets: Target[];
}

/**
 * Follows the declared resources: VPC link, the load balancer that the authority names, listener, target group, targets,
 * security groups. Reports what stops a request; without a report, requests pass.
 * @param connectionId id of the VPC link, from the stage's variables
 * @param authority `host:port` of the integration's URI
 */
export function traceBackend(
  connectionId: string,
  authority: string,
  { resources }: Model,
  report: Report,
): BackendRoute {
  const [host = "", portText = "80"] = authority.split(":");
  const port = Number(portText);
  const [loadBalancer] = resources.where("aws:lb/loadBalancer:LoadBalancer", "dnsName", host);
  const link = resources.byId("aws:apigateway/vpcLink:VpcLink", connectionId);
  if (!link) report("unknown-vpc-link", connectionId);
  if (!loadBalancer) {
    report("unknown-load-balancer", host);
    return { targets: [] };
  }
  const { name, inputs, outputs } = loadBalancer;
  const type = inputs.loadBalancerType ?? "application";
  if (type !== "network") report("not-a-network-load-balancer", name, type);
  if (link && link.inputs.targetArn !== outputs.arn)
    report("link-to-another-load-balancer", name, link.name, link.inputs.targetArn);
  const listener = resources
    .where("aws:lb/listener:Listener", "loadBalancerArn", outputs.arn)
    .find((one) => one.outputs.port === port);
  if (!listener) {
    report("no-listener", name, port);
    return { loadBalancer, targets: [] };
  }
  const targetGroup = targetGroupOf(listener, resources);
  if (!targetGroup) {
    report("no-target-group", listener.name);
    return { loadBalancer, targets: [] };
  }
  checkTargetGroup(loadBalancer, listener, targetGroup, resources, report);
  const targets = targetsOf(targetGroup, resources);
  if (targets.length === 0) report("no-target", targetGroup.name);
  for (const target of targets) checkSecurityGroups(loadBalancer, target, resources, report);
  checkPrivateLink(loadBalancer, port, resources, report);
  return { loadBalancer, targetGroup, targets };
}

function targetGroupOf({ inputs }: Recorded<"aws:lb/listener:Listener">, resources: Resources) {
  return inputs.defaultActions
    .map(({ targetGroupArn }) => resources.byId("aws:lb/targetGroup:TargetGroup", targetGroupArn))
    .find((group) => group !== undefined);
}

function targetsOf({ outputs }: Recorded<"aws:lb/targetGroup:TargetGroup">, resources: Resources): Target[] {
  const { arn, port } = outputs;
  const registered = resources
    .where("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn", arn)
    .map(({ inputs }) => ({ id: inputs.targetId, port: Number(inputs.port ?? port) }));
  const groups = resources
    .ofType("aws:autoscaling/group:Group")
    .filter(({ inputs }) => inputs.targetGroupArns?.includes(arn))
    .map(({ id }) => id);
  const attached = resources
    .where("aws:autoscaling/attachment:Attachment", "lbTargetGroupArn", arn)
    .map(({ inputs }) => inputs.autoscalingGroupName);
  return [...registered, ...[...groups, ...attached].map((id) => ({ id, port: Number(port) }))];
}
