import { isObject } from "../../lib/json";
import { ruleFor } from "../rule";

/** Types that cost money or carry traffic, and that support tags. */
const TAGGED = [
  "aws:acm/certificate:Certificate",
  "aws:apigateway/domainName:DomainName",
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/stage:Stage",
  "aws:apigateway/vpcLink:VpcLink",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:iam/role:Role",
  "aws:lambda/function:Function",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:s3/bucket:Bucket",
  "aws:wafv2/ipSet:IpSet",
  "aws:wafv2/webAcl:WebAcl",
];

/** Tags that assign costs and incidents to a stack. */
export const REQUIRED_TAGS = ["stage"];

export const tagged = ruleFor(TAGGED, {
  name: "tagged",
  description: `Resources that cost money have the tags ${REQUIRED_TAGS.join(", ")}.`,
  check({ tags }) {
    const given = isObject(tags) ? tags : {};
    const missing = REQUIRED_TAGS.filter((tag) => given[tag] === undefined || given[tag] === "");
    return missing.length > 0 ? [`lacks the tag ${missing.join(", ")}`] : [];
  },
});

/**
 * Every caller of production depends on these, and they take longest to restore: a recreated domain name has another DNS
 * target, a recreated load balancer other addresses.
 */
export const protectedDomain = ruleFor(["aws:apigateway/domainName:DomainName"], {
  name: "protected-domain",
  description: "A production domain cannot be deleted by an update.",
  check: (_inputs, { protect }, { production }) =>
    production && protect === false ? ["set the resource option protect: true"] : [],
});

export const protectedLoadBalancer = ruleFor(["aws:lb/loadBalancer:LoadBalancer"], {
  name: "protected-load-balancer",
  description: "A production load balancer has deletion protection in AWS.",
  check: ({ enableDeletionProtection }, _resource, { production }) =>
    production && enableDeletionProtection !== true ? ["set enableDeletionProtection: true"] : [],
});
