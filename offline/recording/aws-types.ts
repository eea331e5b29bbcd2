import type * as aws from "@pulumi/aws";
import type { Output, Unwrap } from "@pulumi/pulumi";
import type { RecordedResource } from "./recorded";

/**
 * Type tokens that the model and its checks read, with the class that declares them. Only types are imported: loading
 * @pulumi/aws takes seconds. A test compares each token with the class's own.
 */
export interface AwsClasses {
  "aws:acm/certificate:Certificate": typeof aws.acm.Certificate;
  "aws:acm/certificateValidation:CertificateValidation": typeof aws.acm.CertificateValidation;
  "aws:apigateway/deployment:Deployment": typeof aws.apigateway.Deployment;
  "aws:apigateway/domainName:DomainName": typeof aws.apigateway.DomainName;
  "aws:apigateway/basePathMapping:BasePathMapping": typeof aws.apigateway.BasePathMapping;
  "aws:apigateway/methodSettings:MethodSettings": typeof aws.apigateway.MethodSettings;
  "aws:apigateway/restApi:RestApi": typeof aws.apigateway.RestApi;
  "aws:apigateway/stage:Stage": typeof aws.apigateway.Stage;
  "aws:apigateway/usagePlan:UsagePlan": typeof aws.apigateway.UsagePlan;
  "aws:apigateway/usagePlanKey:UsagePlanKey": typeof aws.apigateway.UsagePlanKey;
  "aws:apigateway/apiKey:ApiKey": typeof aws.apigateway.ApiKey;
  "aws:apigateway/vpcLink:VpcLink": typeof aws.apigateway.VpcLink;
  "aws:apigatewayv2/apiMapping:ApiMapping": typeof aws.apigatewayv2.ApiMapping;
  "aws:autoscaling/attachment:Attachment": typeof aws.autoscaling.Attachment;
  "aws:autoscaling/group:Group": typeof aws.autoscaling.Group;
  "aws:ec2/instance:Instance": typeof aws.ec2.Instance;
  "aws:ec2/launchTemplate:LaunchTemplate": typeof aws.ec2.LaunchTemplate;
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": typeof aws.ec2.NetworkInterfaceSecurityGroupAttachment;
  "aws:ec2/securityGroup:SecurityGroup": typeof aws.ec2.SecurityGroup;
  "aws:iam/role:Role": typeof aws.iam.Role;
  "aws:iam/rolePolicy:RolePolicy": typeof aws.iam.RolePolicy;
  "aws:lambda/function:Function": typeof aws.lambda.Function;
  "aws:lambda/permission:Permission": typeof aws.lambda.Permission;
  "aws:lb/listener:Listener": typeof aws.lb.Listener;
  "aws:lb/loadBalancer:LoadBalancer": typeof aws.lb.LoadBalancer;
  "aws:lb/targetGroup:TargetGroup": typeof aws.lb.TargetGroup;
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": typeof aws.lb.TargetGroupAttachment;
  "aws:route53/record:Record": typeof aws.route53.Record;
  "aws:route53/zone:Zone": typeof aws.route53.Zone;
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": typeof aws.vpc.SecurityGroupEgressRule;
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": typeof aws.vpc.SecurityGroupIngressRule;
  "aws:wafv2/ipSet:IpSet": typeof aws.wafv2.IpSet;
  "aws:wafv2/regexPatternSet:RegexPatternSet": typeof aws.wafv2.RegexPatternSet;
  "aws:wafv2/webAcl:WebAcl": typeof aws.wafv2.WebAcl;
  "aws:wafv2/webAclAssociation:WebAclAssociation": typeof aws.wafv2.WebAclAssociation;
}

export type Token = keyof AwsClasses;

// biome-ignore lint/suspicious/noExplicitAny: a constructor is matched by its parameters whatever they are
type Class = new (...args: any[]) => unknown;
type Inputs<C extends Class> = Unwrap<NonNullable<ConstructorParameters<C>[1]>>;
type Outputs<C extends Class> = {
  [K in keyof InstanceType<C>]: InstanceType<C>[K] extends Output<infer Value> ? Value : never;
};

/** A recorded resource of one AWS type. */
export type Recorded<T extends Token> = RecordedResource<Inputs<AwsClasses[T]>, Outputs<AwsClasses[T]>>;
