import { everything, type Grant, type GrantTable, grant, named, ofStage, unnamed } from "./grant";

const ec2Arn = (kind: string) => `arn:aws:ec2:{region}:{account}:${kind}/*`;
const EC2_IDS = "AWS chooses EC2 ids when it creates the resource";

/**
 * EC2 tags what it creates with CreateTags, and reads everything with Describe actions that support no resource.
 * @param shared kinds that the actions refer to without changing them, and that may carry another stack's tags
 */
const ec2 = (kinds: string, read: string, write: string, shared = ""): Grant[] => [
  grant("ec2", everything, { read }),
  grant("ec2", ofStage(EC2_IDS, ...kinds.split(" ").map(ec2Arn)), {
    write: `${write} CreateTags DeleteTags`,
  }),
  ...(shared ? [grant("ec2", unnamed(EC2_IDS, ...shared.split(" ").map(ec2Arn)), { write })] : []),
];

const balancing = (path: string) => `arn:aws:elasticloadbalancing:{region}:{account}:${path}`;
const RELATED =
  "the ARN contains an id that AWS chose for the load balancer, target group or Auto Scaling group";
const describeLoadBalancing = grant("elasticloadbalancing", everything, {
  read: `DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeListeners
    DescribeListenerAttributes DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth DescribeTags`,
});
const scalingGroup = "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/";

const launched = ["instance", "volume", "network-interface"];
const referenced = ["security-group", "subnet", "launch-template"];

/** Load balancing, security groups and, for the stacks that own them, networks and machines. */
export const network: GrantTable = {
  "aws:lb/loadBalancer:LoadBalancer": [
    describeLoadBalancing,
    grant("elasticloadbalancing", named(balancing("loadbalancer/net/{name}*/*")), {
      write: `CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets
        SetIpAddressType AddTags RemoveTags`,
    }),
    grant("ec2", everything, {
      read: `DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeInternetGateways
        DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs`,
    }),
    grant("iam", named("arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"), {
      write: "CreateServiceLinkedRole",
    }),
  ],
  "aws:lb/targetGroup:TargetGroup": [
    describeLoadBalancing,
    grant("elasticloadbalancing", named(balancing("targetgroup/{name}*/*")), {
      write: `CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes
        AddTags RemoveTags`,
    }),
  ],
  "aws:lb/listener:Listener": [
    describeLoadBalancing,
    grant(
      "elasticloadbalancing",
      unnamed(RELATED, balancing("loadbalancer/net/*/*"), balancing("listener/net/*/*/*")),
      { write: "CreateListener DeleteListener ModifyListener ModifyListenerAttributes AddTags RemoveTags" },
    ),
  ],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": [
    describeLoadBalancing,
    grant("elasticloadbalancing", unnamed(RELATED, balancing("targetgroup/*/*")), {
      write: "RegisterTargets DeregisterTargets",
    }),
  ],
  "aws:ec2/securityGroup:SecurityGroup": ec2(
    "security-group",
    "DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces",
    `CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress
      RevokeSecurityGroupIngress RevokeSecurityGroupEgress`,
    "vpc",
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2(
    "security-group security-group-rule",
    "DescribeSecurityGroupRules",
    "AuthorizeSecurityGroupIngress ModifySecurityGroupRules RevokeSecurityGroupIngress",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2(
    "security-group security-group-rule",
    "DescribeSecurityGroupRules",
    "AuthorizeSecurityGroupEgress ModifySecurityGroupRules RevokeSecurityGroupEgress",
  ),
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": [
    grant("ec2", everything, { read: "DescribeInstances DescribeNetworkInterfaces" }),
    grant("ec2", unnamed(EC2_IDS, ...["network-interface", "security-group", "instance"].map(ec2Arn)), {
      write: "ModifyNetworkInterfaceAttribute",
    }),
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": ec2(
    "launch-template",
    "DescribeLaunchTemplates DescribeLaunchTemplateVersions DescribeImages",
    "CreateLaunchTemplate CreateLaunchTemplateVersion DeleteLaunchTemplate ModifyLaunchTemplate",
  ),
  "aws:ec2/instance:Instance": ec2(
    "instance volume network-interface",
    `DescribeInstances DescribeInstanceAttribute DescribeInstanceCreditSpecifications DescribeInstanceTypes
      DescribeImages DescribeTags DescribeVolumes`,
    `RunInstances TerminateInstances StopInstances StartInstances ModifyInstanceAttribute
      ModifyInstanceMetadataOptions`,
    "security-group subnet",
  ),
  "aws:ec2/vpc:Vpc": ec2(
    "vpc",
    "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups",
    "CreateVpc DeleteVpc ModifyVpcAttribute",
  ),
  "aws:ec2/subnet:Subnet": ec2(
    "subnet",
    "DescribeSubnets DescribeAvailabilityZones",
    "CreateSubnet DeleteSubnet ModifySubnetAttribute",
    "vpc",
  ),
  "aws:ec2/routeTable:RouteTable": ec2(
    "route-table",
    "DescribeRouteTables",
    "CreateRouteTable DeleteRouteTable",
    "vpc",
  ),
  "aws:ec2/route:Route": ec2("route-table", "DescribeRouteTables", "CreateRoute DeleteRoute ReplaceRoute"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2(
    "route-table",
    "DescribeRouteTables",
    "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation",
    "subnet",
  ),
  "aws:ec2/internetGateway:InternetGateway": ec2(
    "internet-gateway",
    "DescribeInternetGateways",
    "CreateInternetGateway DeleteInternetGateway AttachInternetGateway DetachInternetGateway",
    "vpc",
  ),
  "aws:ec2/natGateway:NatGateway": ec2(
    "natgateway",
    "DescribeNatGateways",
    "CreateNatGateway DeleteNatGateway",
    "subnet elastic-ip",
  ),
  "aws:ec2/eip:Eip": ec2(
    "elastic-ip",
    "DescribeAddresses DescribeAddressesAttribute",
    "AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress",
    "network-interface instance",
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2(
    "vpc-endpoint",
    "DescribeVpcEndpoints DescribePrefixLists",
    "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint",
    "vpc subnet security-group route-table",
  ),
  "aws:autoscaling/group:Group": [
    grant("autoscaling", everything, {
      read: `DescribeAutoScalingGroups DescribeScalingActivities DescribeInstanceRefreshes DescribeWarmPool`,
    }),
    grant("autoscaling", named(`${scalingGroup}{name}*`), {
      write: `CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags
        StartInstanceRefresh CancelInstanceRefresh AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups
        EnableMetricsCollection DisableMetricsCollection PutScalingPolicy SetInstanceProtection`,
    }),
    // The group launches from the template with the caller's permissions ("Launch template support", Auto Scaling guide).
    grant(
      "ec2",
      unnamed(EC2_IDS, ...[...launched, ...referenced].map(ec2Arn), "arn:aws:ec2:{region}::image/*"),
      { write: "RunInstances" },
    ),
    {
      ...grant("ec2", unnamed(EC2_IDS, ...launched.map(ec2Arn)), { write: "CreateTags" }),
      condition: { StringEquals: { "ec2:CreateAction": ["RunInstances"] } },
    },
  ],
  "aws:autoscaling/attachment:Attachment": [
    grant("autoscaling", everything, { read: "DescribeAutoScalingGroups" }),
    grant("autoscaling", unnamed(RELATED, `${scalingGroup}*`), {
      write: "AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups",
    }),
  ],
  "aws:autoscaling/policy:Policy": [
    grant("autoscaling", everything, { read: "DescribePolicies" }),
    grant("autoscaling", unnamed(RELATED, `${scalingGroup}*`), { write: "PutScalingPolicy DeletePolicy" }),
  ],
};
