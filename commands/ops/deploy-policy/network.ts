import { type Grant, type GrantTable, NO_RESOURCE } from "./grant";

const ec2 = (kind: string) => `arn:aws:ec2:{region}:{account}:${kind}/*`;
const EC2_IDS = "EC2 ids are AWS's own, unknown until the resource stands";

/** EC2 tags what it makes with CreateTags, and reads everything with Describe actions that take no resource. */
const ec2Type = (kind: string, read: string[], write: string[], alsoOn: string[] = []): Grant[] => [
  { read: read.map((action) => `ec2:${action}`), on: "*", because: NO_RESOURCE },
  {
    write: [...write, "CreateTags", "DeleteTags"].map((action) => `ec2:${action}`),
    on: [ec2(kind), ...alsoOn.map(ec2)],
    because: EC2_IDS,
  },
];

const describeLoadBalancing: Grant = {
  read: [
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTags",
  ],
  on: "*",
  because: NO_RESOURCE,
};

const balancer = "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}*/*";
const anyBalancer = "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/*/*";
const listener = "arn:aws:elasticloadbalancing:{region}:{account}:listener/net/*/*/*";
const targetGroup = "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}*/*";
const anyTargetGroup = "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/*/*";
const RELATED = "the ARN holds the load balancer's or target group's own id";
const LB_TAGS = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];

/** Load balancing, security groups and, for the stacks that own them, networks and machines. */
export const network: GrantTable = {
  "aws:lb/loadBalancer:LoadBalancer": [
    describeLoadBalancing,
    {
      write: [
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
        "elasticloadbalancing:SetIpAddressType",
        ...LB_TAGS,
      ],
      on: balancer,
    },
    {
      read: [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      on: "*",
      because: NO_RESOURCE,
    },
    {
      write: ["iam:CreateServiceLinkedRole"],
      on: "arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",
    },
  ],
  "aws:lb/targetGroup:TargetGroup": [
    describeLoadBalancing,
    {
      write: [
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        ...LB_TAGS,
      ],
      on: targetGroup,
    },
  ],
  "aws:lb/listener:Listener": [
    describeLoadBalancing,
    {
      write: [
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        ...LB_TAGS,
      ],
      on: [anyBalancer, listener],
      because: RELATED,
    },
  ],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": [
    describeLoadBalancing,
    {
      write: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      on: anyTargetGroup,
      because: RELATED,
    },
  ],
  "aws:ec2/securityGroup:SecurityGroup": ec2Type(
    "security-group",
    ["DescribeSecurityGroups", "DescribeSecurityGroupRules", "DescribeNetworkInterfaces"],
    [
      "CreateSecurityGroup",
      "DeleteSecurityGroup",
      "AuthorizeSecurityGroupIngress",
      "AuthorizeSecurityGroupEgress",
      "RevokeSecurityGroupIngress",
      "RevokeSecurityGroupEgress",
    ],
    ["vpc"],
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2Type(
    "security-group",
    ["DescribeSecurityGroupRules"],
    ["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "RevokeSecurityGroupIngress"],
    ["security-group-rule"],
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2Type(
    "security-group",
    ["DescribeSecurityGroupRules"],
    ["AuthorizeSecurityGroupEgress", "ModifySecurityGroupRules", "RevokeSecurityGroupEgress"],
    ["security-group-rule"],
  ),
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": [
    { read: ["ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces"], on: "*", because: NO_RESOURCE },
    {
      write: ["ec2:ModifyNetworkInterfaceAttribute"],
      on: ["network-interface", "security-group", "instance"].map(ec2),
      because: EC2_IDS,
    },
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": ec2Type(
    "launch-template",
    ["DescribeLaunchTemplates", "DescribeLaunchTemplateVersions", "DescribeImages"],
    ["CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplate", "ModifyLaunchTemplate"],
  ),
  "aws:ec2/instance:Instance": ec2Type(
    "instance",
    [
      "DescribeInstances",
      "DescribeInstanceAttribute",
      "DescribeInstanceCreditSpecifications",
      "DescribeInstanceTypes",
      "DescribeImages",
      "DescribeTags",
      "DescribeVolumes",
    ],
    [
      "RunInstances",
      "TerminateInstances",
      "StopInstances",
      "StartInstances",
      "ModifyInstanceAttribute",
      "ModifyInstanceMetadataOptions",
    ],
    ["volume", "network-interface", "security-group", "subnet"],
  ),
  "aws:ec2/vpc:Vpc": ec2Type(
    "vpc",
    [
      "DescribeVpcs",
      "DescribeVpcAttribute",
      "DescribeNetworkAcls",
      "DescribeRouteTables",
      "DescribeSecurityGroups",
    ],
    ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute"],
  ),
  "aws:ec2/subnet:Subnet": ec2Type(
    "subnet",
    ["DescribeSubnets", "DescribeAvailabilityZones"],
    ["CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute"],
    ["vpc"],
  ),
  "aws:ec2/routeTable:RouteTable": ec2Type(
    "route-table",
    ["DescribeRouteTables"],
    ["CreateRouteTable", "DeleteRouteTable"],
    ["vpc"],
  ),
  "aws:ec2/route:Route": ec2Type(
    "route-table",
    ["DescribeRouteTables"],
    ["CreateRoute", "DeleteRoute", "ReplaceRoute"],
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2Type(
    "route-table",
    ["DescribeRouteTables"],
    ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
    ["subnet"],
  ),
  "aws:ec2/internetGateway:InternetGateway": ec2Type(
    "internet-gateway",
    ["DescribeInternetGateways"],
    ["CreateInternetGateway", "DeleteInternetGateway", "AttachInternetGateway", "DetachInternetGateway"],
    ["vpc"],
  ),
  "aws:ec2/natGateway:NatGateway": ec2Type(
    "natgateway",
    ["DescribeNatGateways"],
    ["CreateNatGateway", "DeleteNatGateway"],
    ["subnet", "elastic-ip"],
  ),
  "aws:ec2/eip:Eip": ec2Type(
    "elastic-ip",
    ["DescribeAddresses", "DescribeAddressesAttribute"],
    ["AllocateAddress", "ReleaseAddress", "AssociateAddress", "DisassociateAddress"],
    ["network-interface", "instance"],
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2Type(
    "vpc-endpoint",
    ["DescribeVpcEndpoints", "DescribePrefixLists"],
    ["CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"],
    ["vpc", "subnet", "security-group", "route-table"],
  ),
  "aws:autoscaling/group:Group": [
    {
      read: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeWarmPool",
      ],
      on: "*",
      because: NO_RESOURCE,
    },
    {
      write: [
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:UpdateAutoScalingGroup",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteTags",
        "autoscaling:StartInstanceRefresh",
        "autoscaling:CancelInstanceRefresh",
        "autoscaling:AttachLoadBalancerTargetGroups",
        "autoscaling:DetachLoadBalancerTargetGroups",
        "autoscaling:EnableMetricsCollection",
        "autoscaling:DisableMetricsCollection",
        "autoscaling:PutScalingPolicy",
        "autoscaling:SetInstanceProtection",
      ],
      on: "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}*",
    },
    {
      // The group launches from the template with the caller's permissions ("Launch template support", Auto Scaling guide).
      write: ["ec2:RunInstances", "ec2:CreateTags"],
      on: ["instance", "volume", "network-interface", "security-group", "subnet", "launch-template"]
        .map(ec2)
        .concat("arn:aws:ec2:{region}::image/*"),
      because: EC2_IDS,
    },
  ],
  "aws:autoscaling/attachment:Attachment": [
    { read: ["autoscaling:DescribeAutoScalingGroups"], on: "*", because: NO_RESOURCE },
    {
      write: ["autoscaling:AttachLoadBalancerTargetGroups", "autoscaling:DetachLoadBalancerTargetGroups"],
      on: "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*",
      because: RELATED,
    },
  ],
  "aws:autoscaling/policy:Policy": [
    { read: ["autoscaling:DescribePolicies"], on: "*", because: NO_RESOURCE },
    {
      write: ["autoscaling:PutScalingPolicy", "autoscaling:DeletePolicy"],
      on: "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*",
      because: RELATED,
    },
  ],
};
