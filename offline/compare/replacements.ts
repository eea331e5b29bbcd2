import { isDeepStrictEqual } from "node:util";
import { toList } from "../../lib/json";

/**
 * Inputs that AWS cannot update in place, so that a change replaces the resource: ForceNew in the Terraform provider's schema; `*` is
 * every input. `pulumi preview` asks the provider; this table is used where no provider or credentials are available.
 */
const REPLACES: Record<string, string> = {
  "aws:acm/certificate:Certificate":
    "domainName validationMethod subjectAlternativeNames keyAlgorithm certificateAuthorityArn certificateBody",
  "aws:acm/certificateValidation:CertificateValidation": "certificateArn validationRecordFqdns",
  "aws:apigateway/account:Account": "",
  "aws:apigateway/apiKey:ApiKey": "value",
  "aws:apigateway/basePathMapping:BasePathMapping": "domainName",
  "aws:apigateway/deployment:Deployment": "restApi triggers stageName variables",
  "aws:apigateway/documentationPart:DocumentationPart": "restApiId location",
  "aws:apigateway/documentationVersion:DocumentationVersion": "restApiId version",
  "aws:apigateway/domainName:DomainName": "domainName",
  "aws:apigateway/methodSettings:MethodSettings": "restApi stageName methodPath",
  "aws:apigateway/restApi:RestApi": "",
  "aws:apigateway/restApiPolicy:RestApiPolicy": "restApiId",
  "aws:apigateway/stage:Stage": "restApi stageName",
  "aws:apigateway/usagePlan:UsagePlan": "",
  "aws:apigateway/usagePlanKey:UsagePlanKey": "*",
  "aws:apigateway/vpcLink:VpcLink": "targetArn",
  "aws:apigatewayv2/apiMapping:ApiMapping": "apiId domainName",
  "aws:apigatewayv2/vpcLink:VpcLink": "subnetIds securityGroupIds",
  "aws:autoscaling/group:Group": "name namePrefix",
  "aws:autoscaling/attachment:Attachment": "*",
  "aws:autoscaling/policy:Policy": "name autoscalingGroupName",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarmName",
  "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
  "aws:cloudwatch/eventRule:EventRule": "name namePrefix eventBusName",
  "aws:cloudwatch/eventTarget:EventTarget": "rule targetId eventBusName",
  "aws:cloudwatch/logGroup:LogGroup": "name namePrefix logGroupClass",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "name logGroupName",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyName",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
  "aws:ec2/eip:Eip": "domain networkBorderGroup publicIpv4Pool",
  "aws:ec2/instance:Instance": "ami availabilityZone subnetId privateIp keyName placementGroup tenancy",
  "aws:ec2/internetGateway:InternetGateway": "",
  "aws:ec2/launchTemplate:LaunchTemplate": "name namePrefix",
  "aws:ec2/natGateway:NatGateway": "subnetId allocationId connectivityType",
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": "*",
  "aws:ec2/route:Route": "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
  "aws:ec2/routeTable:RouteTable": "vpcId",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "subnetId gatewayId",
  "aws:ec2/securityGroup:SecurityGroup": "name namePrefix description vpcId",
  "aws:ec2/subnet:Subnet": "vpcId cidrBlock availabilityZone",
  "aws:ec2/vpc:Vpc": "cidrBlock ipv4IpamPoolId",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpcId serviceName vpcEndpointType",
  "aws:iam/instanceProfile:InstanceProfile": "name namePrefix path",
  "aws:iam/policy:Policy": "name namePrefix path description",
  "aws:iam/role:Role": "name namePrefix path",
  "aws:iam/rolePolicy:RolePolicy": "name namePrefix role",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "*",
  "aws:kms/alias:Alias": "name namePrefix",
  "aws:kms/key:Key": "keyUsage customerMasterKeySpec multiRegion",
  "aws:lambda/alias:Alias": "name functionName",
  "aws:lambda/function:Function": "name packageType",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "functionName qualifier",
  "aws:lambda/layerVersion:LayerVersion": "*",
  "aws:lambda/permission:Permission": "*",
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": "functionName qualifier",
  "aws:lb/listener:Listener": "loadBalancerArn",
  "aws:lb/loadBalancer:LoadBalancer": "name namePrefix internal loadBalancerType subnetMappings",
  "aws:lb/targetGroup:TargetGroup":
    "name namePrefix port protocol protocolVersion targetType vpcId ipAddressType",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": "*",
  "aws:route53/record:Record": "name type zoneId setIdentifier",
  "aws:s3/bucket:Bucket": "bucket bucketPrefix objectLockEnabled",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "bucket",
  "aws:s3/bucketLogging:BucketLogging": "bucket",
  "aws:s3/bucketObject:BucketObject": "bucket key",
  "aws:s3/bucketObjectv2:BucketObjectv2": "bucket key",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "bucket",
  "aws:s3/bucketPolicy:BucketPolicy": "bucket",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "bucket",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "bucket",
  "aws:s3/bucketVersioning:BucketVersioning": "bucket",
  "aws:scheduler/schedule:Schedule": "name namePrefix groupName",
  "aws:scheduler/scheduleGroup:ScheduleGroup": "name namePrefix",
  "aws:secretsmanager/secret:Secret": "name namePrefix",
  "aws:secretsmanager/secretVersion:SecretVersion": "*",
  "aws:sns/topic:Topic": "name namePrefix fifoTopic",
  "aws:sns/topicPolicy:TopicPolicy": "arn",
  "aws:sns/topicSubscription:TopicSubscription": "topic protocol endpoint",
  "aws:sqs/queue:Queue": "name namePrefix fifoQueue",
  "aws:ssm/association:Association": "name instanceId parameters",
  "aws:ssm/document:Document": "name documentType",
  "aws:ssm/parameter:Parameter": "name",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "securityGroupId",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "securityGroupId",
  "aws:wafv2/ipSet:IpSet": "name namePrefix scope ipAddressVersion",
  "aws:wafv2/regexPatternSet:RegexPatternSet": "name namePrefix scope",
  "aws:wafv2/ruleGroup:RuleGroup": "name namePrefix scope capacity",
  "aws:wafv2/webAcl:WebAcl": "name namePrefix scope",
  "aws:wafv2/webAclAssociation:WebAclAssociation": "*",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": "resourceArn logDestinationConfigs",
};

/** Whether the table has a type. */
export const isKnownType = (type: string): boolean => Object.hasOwn(REPLACES, type);

type Inputs = Record<string, unknown>;

/** The changed inputs that force a replacement. @param inputs decide for those whose change is possible in part */
export function replacedBy(
  type: string,
  changed: string[],
  inputs?: { before: Inputs; after: Inputs },
): string[] {
  const forcing = (REPLACES[type] ?? "").split(" ");
  if (forcing[0] === "*") return changed.filter((key) => key !== "tags");
  return changed
    .filter((key) => forcing.includes(key))
    .filter((key) => key !== "subnetMappings" || !inputs || losesZone(inputs.before[key], inputs.after[key]));
}

/** A network load balancer gets more zones in place. A zone that is removed or has another address replaces it. */
function losesZone(before: unknown, after: unknown): boolean {
  return toList(before).some((zone) => !toList(after).some((other) => isDeepStrictEqual(zone, other)));
}
