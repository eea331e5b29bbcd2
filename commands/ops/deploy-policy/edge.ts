import { type GrantTable, NO_RESOURCE } from "./grant";

const gateway = (path: string) => `arn:aws:apigateway:{region}::${path}`;
const VERBS = ["apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE"];
/** API ids are made up by AWS, so an API cannot be named before it stands. */
const UNNAMED = "the id is AWS's own, unknown until the resource stands";
const TAGS = gateway("/tags/*");

const certificate = "arn:aws:acm:{region}:{account}:certificate/*";
const zone = "arn:aws:route53:::hostedzone/*";
const WAF_KINDS = ["arn:aws:wafv2:{region}:{account}:regional/*/{name}*/*"];

/** Account-wide delivery permissions that AWS checks when a stage or web ACL is told to write logs (B16). */
const logDelivery = {
  write: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  on: "*",
  because: NO_RESOURCE,
};

/** Custom domain, certificate, DNS, web ACL, REST API. */
export const edge: GrantTable = {
  "aws:apigateway/restApi:RestApi": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: [gateway("/restapis"), gateway("/restapis/*"), TAGS],
      because: UNNAMED,
    },
  ],
  "aws:apigateway/restApiPolicy:RestApiPolicy": [
    {
      read: ["apigateway:GET"],
      write: ["apigateway:PATCH", "apigateway:UpdateRestApiPolicy"],
      on: gateway("/restapis/*"),
      because: UNNAMED,
    },
  ],
  "aws:apigateway/deployment:Deployment": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/restapis/*/deployments*"), because: UNNAMED },
  ],
  "aws:apigateway/stage:Stage": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: [gateway("/restapis/*/stages"), gateway("/restapis/*/stages/*"), TAGS],
      because: UNNAMED,
    },
    logDelivery,
  ],
  "aws:apigateway/methodSettings:MethodSettings": [
    {
      read: ["apigateway:GET"],
      write: ["apigateway:PATCH"],
      on: gateway("/restapis/*/stages/*"),
      because: UNNAMED,
    },
  ],
  "aws:apigateway/gatewayResponse:Response": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: gateway("/restapis/*/gatewayresponses*"),
      because: UNNAMED,
    },
  ],
  "aws:apigateway/documentationPart:DocumentationPart": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/restapis/*/documentation/*"), because: UNNAMED },
  ],
  "aws:apigateway/documentationVersion:DocumentationVersion": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/restapis/*/documentation/*"), because: UNNAMED },
  ],
  "aws:apigateway/account:Account": [
    { read: ["apigateway:GET"], write: ["apigateway:PATCH"], on: gateway("/account") },
  ],
  "aws:apigateway/vpcLink:VpcLink": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: [gateway("/vpclinks"), gateway("/vpclinks/*"), TAGS],
      because: UNNAMED,
    },
    {
      // "To create a VPC link" in "Set up API Gateway private integrations": the caller needs these.
      read: ["ec2:DescribeVpcEndpointServiceConfigurations", "ec2:DescribeVpcEndpointServicePermissions"],
      write: [
        "ec2:CreateVpcEndpointServiceConfiguration",
        "ec2:DeleteVpcEndpointServiceConfigurations",
        "ec2:ModifyVpcEndpointServicePermissions",
      ],
      on: "*",
      because: "the endpoint service behind a link is made by AWS and has no name of ours",
    },
  ],
  "aws:apigateway/domainName:DomainName": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: [gateway("/domainnames"), gateway("/domainnames/{name}"), TAGS],
    },
    { read: ["acm:DescribeCertificate"], on: certificate, because: UNNAMED },
  ],
  "aws:apigateway/basePathMapping:BasePathMapping": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/domainnames/{name}/basepathmappings*") },
  ],
  "aws:apigatewayv2/apiMapping:ApiMapping": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/domainnames/{name}/apimappings*") },
  ],
  "aws:apigatewayv2/vpcLink:VpcLink": [
    {
      read: ["apigateway:GET"],
      write: VERBS,
      on: [gateway("/vpclinks"), gateway("/vpclinks/*")],
      because: UNNAMED,
    },
  ],
  "aws:apigateway/usagePlan:UsagePlan": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/usageplans*"), because: UNNAMED },
  ],
  "aws:apigateway/usagePlanKey:UsagePlanKey": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/usageplans/*/keys*"), because: UNNAMED },
  ],
  "aws:apigateway/apiKey:ApiKey": [
    { read: ["apigateway:GET"], write: VERBS, on: gateway("/apikeys*"), because: UNNAMED },
  ],
  "aws:acm/certificate:Certificate": [
    {
      read: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
      write: [
        "acm:RequestCertificate",
        "acm:DeleteCertificate",
        "acm:UpdateCertificateOptions",
        "acm:AddTagsToCertificate",
        "acm:RemoveTagsFromCertificate",
      ],
      on: certificate,
      because: UNNAMED,
    },
  ],
  "aws:acm/certificateValidation:CertificateValidation": [
    { read: ["acm:DescribeCertificate"], on: certificate, because: UNNAMED },
  ],
  "aws:route53/record:Record": [
    {
      read: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
      write: ["route53:ChangeResourceRecordSets"],
      on: zone,
      because: "the zone is looked up by its name",
    },
    {
      read: ["route53:ListHostedZones", "route53:ListHostedZonesByName"],
      on: "*",
      because: NO_RESOURCE,
    },
    { read: ["route53:GetChange"], on: "arn:aws:route53:::change/*", because: UNNAMED },
  ],
  "aws:wafv2/ipSet:IpSet": [
    {
      read: ["wafv2:GetIPSet", "wafv2:ListTagsForResource"],
      write: [
        "wafv2:CreateIPSet",
        "wafv2:UpdateIPSet",
        "wafv2:DeleteIPSet",
        "wafv2:TagResource",
        "wafv2:UntagResource",
      ],
      on: WAF_KINDS,
    },
  ],
  "aws:wafv2/regexPatternSet:RegexPatternSet": [
    {
      read: ["wafv2:GetRegexPatternSet", "wafv2:ListTagsForResource"],
      write: [
        "wafv2:CreateRegexPatternSet",
        "wafv2:UpdateRegexPatternSet",
        "wafv2:DeleteRegexPatternSet",
        "wafv2:TagResource",
        "wafv2:UntagResource",
      ],
      on: WAF_KINDS,
    },
  ],
  "aws:wafv2/webAcl:WebAcl": [
    {
      read: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
      write: [
        "wafv2:CreateWebACL",
        "wafv2:UpdateWebACL",
        "wafv2:DeleteWebACL",
        "wafv2:TagResource",
        "wafv2:UntagResource",
      ],
      on: [...WAF_KINDS, "arn:aws:wafv2:{region}:{account}:regional/managedruleset/*/*"],
      because: "a web ACL's rules name IP sets and managed rule groups",
    },
  ],
  "aws:wafv2/webAclAssociation:WebAclAssociation": [
    {
      read: ["wafv2:GetWebACLForResource"],
      write: ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACL"],
      on: ["arn:aws:wafv2:{region}:{account}:regional/webacl/*/*", gateway("/restapis/*/stages/*")],
      because: UNNAMED,
    },
    { write: ["apigateway:SetWebACL"], on: gateway("/restapis/*/stages/*"), because: UNNAMED },
  ],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
    {
      read: ["wafv2:GetLoggingConfiguration"],
      write: ["wafv2:PutLoggingConfiguration", "wafv2:DeleteLoggingConfiguration"],
      on: "arn:aws:wafv2:{region}:{account}:regional/webacl/*/*",
      because: UNNAMED,
    },
    logDelivery,
    {
      // "Permissions to publish logs to CloudWatch Logs" (WAF developer guide): the first logging web ACL makes this role.
      write: ["iam:CreateServiceLinkedRole"],
      on: "arn:aws:iam::{account}:role/aws-service-role/wafv2.amazonaws.com/*",
    },
  ],
};
