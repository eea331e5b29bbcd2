import type { Creation, Mock } from "./mock";
import { hex, primaryInterfaceOf, privateAddress } from "./names";

/** aws:lb, aws:ec2, aws:vpc and awsx:ec2. */
export const network: Record<string, Mock> = {
  "aws:lb/loadBalancer:LoadBalancer": (loadBalancer) => {
    const { name, inputs, region } = loadBalancer;
    const kind = inputs.loadBalancerType === "network" ? "net" : "app";
    const arnSuffix = `${kind}/${name}/${loadBalancer.hex(16)}`;
    const arn = loadBalancer.arn("elasticloadbalancing", `loadbalancer/${arnSuffix}`);
    return {
      id: arn,
      name,
      arn,
      arnSuffix,
      dnsName: `${name}-${loadBalancer.hex(16)}.elb.${region}.amazonaws.com`,
      // Elastic Load Balancing's hosted zone for network load balancers in us-east-1.
      zoneId: "Z26RNL4JYFTOTI",
      vpcId: `vpc-${hex("the vpc", 17)}`,
    };
  },

  "aws:lb/targetGroup:TargetGroup": (group) => {
    const arnSuffix = `targetgroup/${group.name}/${group.hex(16)}`;
    const arn = group.arn("elasticloadbalancing", arnSuffix);
    return { id: arn, name: group.name, arn, arnSuffix, loadBalancerArns: [] };
  },

  "aws:lb/listener:Listener": (listener) => {
    const loadBalancer = String(listener.inputs.loadBalancerArn);
    const arn = `${loadBalancer.replace(":loadbalancer/", ":listener/")}/${listener.hex(16)}`;
    return { id: arn, arn };
  },

  "aws:lb/targetGroupAttachment:TargetGroupAttachment": (attachment) => ({
    id: `${attachment.inputs.targetGroupArn}-${attachment.hex(26)}`,
  }),

  "aws:ec2/securityGroup:SecurityGroup": (group) => {
    const id = `sg-${group.hex(17)}`;
    const { accountId: ownerId } = group.environment;
    return { id, name: group.name, arn: group.arn("ec2", `security-group/${id}`), ownerId };
  },

  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule,

  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": ({
    inputs,
  }) => ({ id: `${inputs.securityGroupId}_${inputs.networkInterfaceId}` }),

  "aws:ec2/instance:Instance": (instance) => {
    const id = `i-${instance.hex(17)}`;
    return {
      id,
      arn: instance.arn("ec2", `instance/${id}`),
      primaryNetworkInterfaceId: primaryInterfaceOf(id),
      privateIp: privateAddress(id),
    };
  },

  "aws:ec2/launchTemplate:LaunchTemplate": (template) => {
    const id = `lt-${template.hex(17)}`;
    const arn = template.arn("ec2", `launch-template/${id}`);
    return { id, name: template.name, arn, latestVersion: 1, defaultVersion: 1 };
  },

  "aws:ec2/eip:Eip": (address) => {
    const id = `eipalloc-${address.hex(17)}`;
    return { id, allocationId: id, publicIp: "198.51.100.1" };
  },

  "awsx:ec2:Vpc": awsxVpc,
};

function securityGroupRule(rule: Creation): ReturnType<Mock> {
  const id = `sgr-${rule.hex(17)}`;
  return { id, securityGroupRuleId: id };
}

/** A remote component: a plugin creates its children, so a recording has only the component's outputs. */
function awsxVpc({ urn, inputs }: Creation): ReturnType<Mock> {
  const { availabilityZoneNames, numberOfAvailabilityZones, subnetSpecs } = inputs as {
    availabilityZoneNames?: string[];
    numberOfAvailabilityZones?: number;
    subnetSpecs?: { type: string }[];
  };
  // awsx's defaults: three zones with a public and a private subnet each.
  const zones = availabilityZoneNames?.length ?? numberOfAvailabilityZones ?? 3;
  const specs = subnetSpecs ?? [{ type: "Public" }, { type: "Private" }];
  const subnets = (type: string) =>
    specs.some((spec) => spec.type.toLowerCase() === type.toLowerCase())
      ? Array.from({ length: zones }, (_, zone) => `subnet-${hex(`${urn} ${type} ${zone}`, 17)}`)
      : [];
  return {
    id: "",
    vpcId: `vpc-${hex(urn, 17)}`,
    publicSubnetIds: subnets("Public"),
    privateSubnetIds: subnets("Private"),
    isolatedSubnetIds: subnets("Isolated"),
  };
}
