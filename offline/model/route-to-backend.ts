import type { RecordedResource } from "../recording";
import type { Model } from ".";
import { privateLinkBreak, securityBreaks } from "./backend-security";
import type { Resources } from "./resources";
import { targetGroupBreaks } from "./target-group";

/** A place where a request that left API Gateway gets no further. */
export interface Break {
  /** Finding rule. */
  rule: string;
  message: string;
}

/** Where a service's requests arrive behind the load balancer. */
export interface Target {
  /** EC2 instance id, or the name of the auto scaling group whose instances they are. */
  id: string;
  port: number;
}

/** The way of a request from a VPC link to the backend, as far as it goes. */
export interface BackendRoute {
  link?: RecordedResource;
  loadBalancer?: RecordedResource;
  listener?: RecordedResource;
  targetGroup?: RecordedResource;
  targets: Target[];
  /** Empty when requests get through. */
  breaks: Break[];
}

/**
 * Follows what was declared: link, load balancer that the authority names, listener, target group, targets, security
 * groups.
 * @param connectionId id of the VPC link, from the stage's variables
 * @param authority `host:port` of the integration's URI
 */
export function followToBackend(connectionId: string, authority: string, { resources }: Model): BackendRoute {
  const route: BackendRoute = { targets: [], breaks: [] };
  const stop = (rule: string, message: string) => route.breaks.push({ rule, message });
  const [host = "", portText = "80"] = authority.split(":");
  const port = Number(portText);

  route.loadBalancer = resources.where("aws:lb/loadBalancer:LoadBalancer", "dnsName", host)[0];
  route.link = resources.byId("aws:apigateway/vpcLink:VpcLink", connectionId);
  if (!route.link) {
    stop(
      "unknown-vpc-link",
      `no VPC link of this stack has the id ${quoted(connectionId)}: set the stage variable from the link's id.`,
    );
  }
  if (!route.loadBalancer) {
    stop(
      "unknown-load-balancer",
      `no load balancer of this stack has the DNS name ${quoted(host)}: set the stage variable from its dnsName.`,
    );
    return route;
  }
  if (String(route.loadBalancer.inputs.loadBalancerType ?? "application") !== "network") {
    stop(
      "not-a-network-load-balancer",
      `load balancer ${route.loadBalancer.name} is of type ${route.loadBalancer.inputs.loadBalancerType ?? "application"}: a VPC link of a REST API leads to network load balancers only.`,
    );
  }
  if (route.link && route.link.inputs.targetArn !== route.loadBalancer.outputs.arn) {
    stop(
      "link-to-another-load-balancer",
      `requests name load balancer ${route.loadBalancer.name}, but the VPC link ${route.link.name} leads to ${route.link.inputs.targetArn}: both must be the same.`,
    );
  }
  route.listener = resources
    .where("aws:lb/listener:Listener", "loadBalancerArn", route.loadBalancer.outputs.arn)
    .find(({ outputs }) => outputs.port === port);
  if (!route.listener) {
    stop(
      "no-listener",
      `load balancer ${route.loadBalancer.name} has no listener on port ${port}: requests are refused.`,
    );
    return route;
  }
  route.targetGroup = targetGroupOf(route.listener, resources);
  if (!route.targetGroup) {
    stop("no-target-group", `listener ${route.listener.name} forwards to no target group of this stack.`);
    return route;
  }
  const { loadBalancer, listener, targetGroup } = route;
  route.breaks.push(...targetGroupBreaks(loadBalancer, listener, targetGroup, resources));
  if (targetGroup.outputs.port !== port) {
    stop(
      "ports-differ",
      `listener ${listener.name} is on port ${port}, its target group ${targetGroup.name} on ${targetGroup.outputs.port}: both must be the service's port.`,
    );
  }
  route.targets = targetsOf(targetGroup, resources);
  if (route.targets.length === 0) {
    stop(
      "no-target",
      `nothing is attached to target group ${targetGroup.name}: the load balancer has nowhere to send requests.`,
    );
  }
  route.breaks.push(
    ...route.targets.flatMap((target) => securityBreaks(loadBalancer, target, target.port, resources)),
  );
  const entrance = privateLinkBreak(loadBalancer, port, resources);
  if (entrance) route.breaks.push(entrance);
  return route;
}

function targetGroupOf(listener: RecordedResource, resources: Resources): RecordedResource | undefined {
  const actions =
    (listener.inputs.defaultActions as { targetGroupArn?: string; forward?: unknown }[] | undefined) ?? [];
  return actions
    .map(({ targetGroupArn }) => resources.byId("aws:lb/targetGroup:TargetGroup", targetGroupArn))
    .find((group) => group !== undefined);
}

function targetsOf(targetGroup: RecordedResource, resources: Resources): Target[] {
  const port = Number(targetGroup.outputs.port);
  const arn = targetGroup.outputs.arn;
  const attached = resources
    .where("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn", arn)
    .map(({ inputs }) => ({ id: String(inputs.targetId), port: Number(inputs.port ?? port) }));
  const groups = resources
    .ofType("aws:autoscaling/group:Group")
    .filter(({ inputs }) => ((inputs.targetGroupArns as string[] | undefined) ?? []).includes(String(arn)))
    .map(({ id }) => id);
  const attachments = resources
    .where("aws:autoscaling/attachment:Attachment", "lbTargetGroupArn", arn)
    .map(({ inputs }) => String(inputs.autoscalingGroupName));
  return [...attached, ...[...groups, ...attachments].map((id) => ({ id, port }))];
}

function quoted(text: string): string {
  return text === "" ? "(empty)" : text;
}
