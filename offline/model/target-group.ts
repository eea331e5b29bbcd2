import type { RecordedResource } from "../recording";
import type { Resources } from "./resources";
import type { Break } from "./route-to-backend";

/** Protocols of listeners and target groups over which HTTP passes as it is. */
const carriesHttp = ["TCP", "TCP_UDP"];

/** Why a listener's target group would not take its connections, apart from ports and targets. */
export function targetGroupBreaks(
  loadBalancer: RecordedResource,
  listener: RecordedResource,
  targetGroup: RecordedResource,
  resources: Resources,
): Break[] {
  const breaks: Break[] = [];
  for (const { name, inputs } of [listener, targetGroup]) {
    if (carriesHttp.includes(String(inputs.protocol))) continue;
    breaks.push({
      rule: "protocol-not-tcp",
      message: `${name} speaks ${inputs.protocol}: API Gateway sends plain HTTP here, which only TCP lets through.`,
    });
  }
  const vpcs = vpcsOf(loadBalancer, resources);
  if (vpcs.length > 0 && !vpcs.includes(targetGroup.inputs.vpcId)) {
    breaks.push({
      rule: "target-group-in-another-vpc",
      message: `target group ${targetGroup.name} is in ${targetGroup.inputs.vpcId}, load balancer ${loadBalancer.name} in ${vpcs.join(", ")}: AWS refuses the listener.`,
    });
  }
  const kind = String(targetGroup.inputs.targetType ?? "instance");
  if (kind !== "instance" && instanceTargets(targetGroup, resources).length > 0) {
    breaks.push({
      rule: "target-of-another-kind",
      message: `target group ${targetGroup.name} takes targets of type ${kind} and is given instances: AWS refuses them. Set targetType to "instance".`,
    });
  }
  return breaks;
}

/** The VPCs of the load balancer's security groups, as far as this stack declares them. */
function vpcsOf({ inputs }: RecordedResource, resources: Resources): unknown[] {
  const groups = (inputs.securityGroups as string[] | undefined) ?? [];
  const vpcs = groups.flatMap(
    (id) => resources.byId("aws:ec2/securityGroup:SecurityGroup", id)?.inputs.vpcId ?? [],
  );
  return [...new Set(vpcs)];
}

function instanceTargets({ outputs }: RecordedResource, resources: Resources): RecordedResource[] {
  return resources
    .where("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn", outputs.arn)
    .filter(({ inputs }) => String(inputs.targetId).startsWith("i-"));
}
