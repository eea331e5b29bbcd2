import type { Resources } from "../model/resources";
import type { Recorded } from "../recording/aws-types";
import type { Report } from "./rules";

/** Protocols of listeners and target groups that pass HTTP unchanged. */
const passesHttp = /^TCP(_UDP)?$/;

/** Whether a target group fits its listener and load balancer. */
export function checkTargetGroup(
  loadBalancer: Recorded<"aws:lb/loadBalancer:LoadBalancer">,
  listener: Recorded<"aws:lb/listener:Listener">,
  { name, inputs, outputs }: Recorded<"aws:lb/targetGroup:TargetGroup">,
  resources: Resources,
  report: Report,
): void {
  const protocols = { [listener.name]: listener.inputs.protocol, [name]: inputs.protocol };
  for (const [owner, protocol = "not set"] of Object.entries(protocols)) {
    if (!passesHttp.test(protocol)) report("protocol-not-tcp", owner, protocol);
  }
  const vpcs = vpcsOf(loadBalancer, resources);
  if (vpcs.length > 0 && !vpcs.includes(inputs.vpcId ?? ""))
    report("target-group-in-another-vpc", name, inputs.vpcId ?? "no VPC", loadBalancer.name, vpcs);
  const { targetType = "instance" } = inputs;
  const instances = resources
    .where("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn", outputs.arn)
    .filter((attachment) => attachment.inputs.targetId.startsWith("i-"));
  if (targetType !== "instance" && instances.length > 0) report("target-of-another-type", name, targetType);
  if (outputs.port !== listener.outputs.port)
    report("ports-differ", listener.name, listener.outputs.port, name, outputs.port);
}

/** The VPCs of those of the load balancer's security groups that this stack declares. */
function vpcsOf({ inputs }: Recorded<"aws:lb/loadBalancer:LoadBalancer">, resources: Resources): string[] {
  const vpcs = (inputs.securityGroups ?? []).flatMap(
    (id) => resources.byId("aws:ec2/securityGroup:SecurityGroup", id)?.inputs.vpcId ?? [],
  );
  return [...new Set(vpcs)];
}
