import { hex, physicalName, primaryInterfaceOf, privateAddress } from "./names";
import type { Declared, Mock } from "./resources";

/** aws:lb, aws:ec2, aws:vpc and awsx:ec2. */
export const network: Record<string, Mock> = {
  "aws:lb/loadBalancer:LoadBalancer": ({ urn, name, inputs }, { region, accountId }) => {
    const kind = inputs.loadBalancerType === "network" ? "net" : "app";
    const physical = physicalName(inputs.name, name, urn);
    const arnSuffix = `${kind}/${physical}/${hex(urn, 16)}`;
    const arn = `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/${arnSuffix}`;
    return {
      id: arn,
      outputs: {
        name: physical,
        arn,
        arnSuffix,
        dnsName: `${physical}-${hex(urn, 16)}.elb.${region}.amazonaws.com`,
        // Elastic Load Balancing's hosted zone for network load balancers in us-east-1.
        zoneId: "Z26RNL4JYFTOTI",
        vpcId: `vpc-${hex("the vpc", 17)}`,
      },
    };
  },

  "aws:lb/targetGroup:TargetGroup": ({ urn, name, inputs }, { region, accountId }) => {
    const physical = physicalName(inputs.name, name, urn);
    const arnSuffix = `targetgroup/${physical}/${hex(urn, 16)}`;
    const arn = `arn:aws:elasticloadbalancing:${region}:${accountId}:${arnSuffix}`;
    return { id: arn, outputs: { name: physical, arn, arnSuffix, loadBalancerArns: [] } };
  },

  "aws:lb/listener:Listener": ({ urn, inputs }) => {
    const arn = `${String(inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${hex(urn, 16)}`;
    return { id: arn, outputs: { arn } };
  },

  "aws:lb/targetGroupAttachment:TargetGroupAttachment": ({ urn, inputs }) => ({
    id: `${inputs.targetGroupArn}-${hex(urn, 26)}`,
    outputs: {},
  }),

  "aws:ec2/securityGroup:SecurityGroup": ({ urn, name, inputs }, { region, accountId }) => {
    const id = `sg-${hex(urn, 17)}`;
    const arn = `arn:aws:ec2:${region}:${accountId}:security-group/${id}`;
    return { id, outputs: { name: physicalName(inputs.name, name, urn), arn, ownerId: accountId } };
  },

  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule,

  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": ({
    inputs,
  }) => ({
    id: `${inputs.securityGroupId}_${inputs.networkInterfaceId}`,
    outputs: {},
  }),

  "aws:ec2/instance:Instance": ({ urn }, { region, accountId }) => {
    const id = `i-${hex(urn, 17)}`;
    return {
      id,
      outputs: {
        arn: `arn:aws:ec2:${region}:${accountId}:instance/${id}`,
        primaryNetworkInterfaceId: primaryInterfaceOf(id),
        privateIp: privateAddress(id),
      },
    };
  },

  "aws:ec2/launchTemplate:LaunchTemplate": ({ urn, name, inputs }, { region, accountId }) => {
    const id = `lt-${hex(urn, 17)}`;
    const arn = `arn:aws:ec2:${region}:${accountId}:launch-template/${id}`;
    return {
      id,
      outputs: { name: physicalName(inputs.name, name, urn), arn, latestVersion: 1, defaultVersion: 1 },
    };
  },

  "aws:ec2/eip:Eip": ({ urn }) => {
    const id = `eipalloc-${hex(urn, 17)}`;
    return { id, outputs: { allocationId: id, publicIp: "198.51.100.1" } };
  },

  "awsx:ec2:Vpc": awsxVpc,
};

function securityGroupRule({ urn }: Declared): ReturnType<Mock> {
  const id = `sgr-${hex(urn, 17)}`;
  return { id, outputs: { securityGroupRuleId: id } };
}

/** A remote component: its children are made by a plugin, so only its own outputs can be told. */
function awsxVpc({ urn, inputs }: Declared): ReturnType<Mock> {
  const zones =
    (inputs.availabilityZoneNames as string[] | undefined)?.length ??
    (inputs.numberOfAvailabilityZones as number | undefined) ??
    3; // awsx's own default
  const specs = (inputs.subnetSpecs as { type: string }[] | undefined) ?? [
    { type: "Public" },
    { type: "Private" },
  ];
  const subnets = (type: string) =>
    specs.some((spec) => String(spec.type).toLowerCase() === type.toLowerCase())
      ? Array.from({ length: zones }, (_, zone) => `subnet-${hex(`${urn} ${type} ${zone}`, 17)}`)
      : [];
  return {
    id: "",
    outputs: {
      vpcId: `vpc-${hex(urn, 17)}`,
      publicSubnetIds: subnets("Public"),
      privateSubnetIds: subnets("Private"),
      isolatedSubnetIds: subnets("Isolated"),
    },
  };
}
