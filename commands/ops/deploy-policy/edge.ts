import { LOG_DELIVERY_ACTIONS } from "../../../policies/rules/iam";
import { everything, type Grant, type GrantTable, grant, named, ofStage, type Scope, unnamed } from "./grant";

const gateway = (path: string) => `arn:aws:apigateway:{region}::${path}`;
const TAGS = gateway("/tags/*");
/** AWS chooses API ids, so an API cannot be named before it exists. */
const UNNAMED = "AWS chooses the id when it creates the resource";
const ids = (...paths: string[]) => ofStage(UNNAMED, ...paths.map(gateway));

/** API Gateway's actions are HTTP methods. */
const apiGateway = (scope: Scope, write = "POST PUT PATCH DELETE"): Grant =>
  grant("apigateway", scope, { read: "GET", write });

const certificate = ofStage(UNNAMED, "arn:aws:acm:{region}:{account}:certificate/*");
const webAcls = "arn:aws:wafv2:{region}:{account}:regional/webacl/*/*";
const wafOfName = ["arn:aws:wafv2:{region}:{account}:regional/*/{name}*/*"];

/** Account-wide permissions that AWS checks when a stage or web ACL is configured to write logs. */
const logDelivery: Grant = { ...everything, read: [], write: LOG_DELIVERY_ACTIONS };

const describeCertificate = grant("acm", certificate, { read: "DescribeCertificate" });

/** IP sets, pattern sets and web ACLs are managed by actions of one pattern. */
const waf = (kind: string, scope: Scope): Grant =>
  grant("wafv2", scope, {
    read: `Get${kind} ListTagsForResource`,
    write: `Create${kind} Update${kind} Delete${kind} TagResource UntagResource`,
  });

/** Custom domain, certificate, DNS, web ACL, REST API. */
export const edge: GrantTable = {
  "aws:apigateway/restApi:RestApi": [
    apiGateway(ofStage(UNNAMED, gateway("/restapis"), gateway("/restapis/*"), TAGS)),
  ],
  "aws:apigateway/restApiPolicy:RestApiPolicy": [apiGateway(ids("/restapis/*"), "PATCH UpdateRestApiPolicy")],
  "aws:apigateway/deployment:Deployment": [apiGateway(ids("/restapis/*/deployments*"))],
  "aws:apigateway/stage:Stage": [
    apiGateway(ofStage(UNNAMED, gateway("/restapis/*/stages"), gateway("/restapis/*/stages/*"), TAGS)),
    logDelivery,
  ],
  "aws:apigateway/methodSettings:MethodSettings": [apiGateway(ids("/restapis/*/stages/*"), "PATCH")],
  "aws:apigateway/gatewayResponse:Response": [apiGateway(ids("/restapis/*/gatewayresponses*"))],
  "aws:apigateway/documentationPart:DocumentationPart": [apiGateway(ids("/restapis/*/documentation/*"))],
  "aws:apigateway/documentationVersion:DocumentationVersion": [
    apiGateway(ids("/restapis/*/documentation/*")),
  ],
  "aws:apigateway/account:Account": [apiGateway(named(gateway("/account")), "PATCH")],
  "aws:apigateway/vpcLink:VpcLink": [
    apiGateway(ofStage(UNNAMED, gateway("/vpclinks"), gateway("/vpclinks/*"), TAGS)),
    // "To create a VPC link" in "Set up API Gateway private integrations": the caller needs these.
    grant(
      "ec2",
      unnamed("the endpoint service behind a link is created by AWS, with a name of its own", "*"),
      {
        read: "DescribeVpcEndpointServiceConfigurations DescribeVpcEndpointServicePermissions",
        write: `CreateVpcEndpointServiceConfiguration DeleteVpcEndpointServiceConfigurations
        ModifyVpcEndpointServicePermissions`,
      },
    ),
  ],
  "aws:apigateway/domainName:DomainName": [
    apiGateway(named(gateway("/domainnames"), gateway("/domainnames/{name}"), TAGS)),
    describeCertificate,
  ],
  "aws:apigateway/basePathMapping:BasePathMapping": [
    apiGateway(named(gateway("/domainnames/{name}/basepathmappings*"))),
  ],
  "aws:apigatewayv2/apiMapping:ApiMapping": [apiGateway(named(gateway("/domainnames/{name}/apimappings*")))],
  "aws:apigatewayv2/vpcLink:VpcLink": [apiGateway(ids("/vpclinks", "/vpclinks/*"))],
  "aws:apigateway/usagePlan:UsagePlan": [apiGateway(ids("/usageplans*"))],
  "aws:apigateway/usagePlanKey:UsagePlanKey": [apiGateway(ids("/usageplans/*/keys*"))],
  "aws:apigateway/apiKey:ApiKey": [apiGateway(ids("/apikeys*"))],
  "aws:acm/certificate:Certificate": [
    grant("acm", certificate, {
      read: "DescribeCertificate ListTagsForCertificate",
      write: `RequestCertificate DeleteCertificate UpdateCertificateOptions AddTagsToCertificate
        RemoveTagsFromCertificate`,
    }),
  ],
  "aws:acm/certificateValidation:CertificateValidation": [describeCertificate],
  "aws:route53/record:Record": [
    // ChangeResourceRecordSets is granted for the stack's own record names: see document.ts.
    grant("route53", named("arn:aws:route53:::hostedzone/{zone}"), {
      read: "GetHostedZone ListResourceRecordSets",
    }),
    grant("route53", everything, { read: "ListHostedZones ListHostedZonesByName" }),
    grant("route53", unnamed(UNNAMED, "arn:aws:route53:::change/*"), { read: "GetChange" }),
  ],
  "aws:wafv2/ipSet:IpSet": [waf("IPSet", named(...wafOfName))],
  "aws:wafv2/regexPatternSet:RegexPatternSet": [waf("RegexPatternSet", named(...wafOfName))],
  "aws:wafv2/webAcl:WebAcl": [
    waf(
      "WebACL",
      unnamed(
        "a web ACL's rules name IP sets and managed rule groups",
        ...wafOfName,
        "arn:aws:wafv2:{region}:{account}:regional/managedruleset/*/*",
      ),
    ),
  ],
  "aws:wafv2/webAclAssociation:WebAclAssociation": [
    grant("wafv2", unnamed(UNNAMED, webAcls, gateway("/restapis/*/stages/*")), {
      read: "GetWebACLForResource",
      write: "AssociateWebACL DisassociateWebACL GetWebACL",
    }),
    grant("apigateway", ids("/restapis/*/stages/*"), { write: "SetWebACL" }),
  ],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
    grant("wafv2", unnamed(UNNAMED, webAcls), {
      read: "GetLoggingConfiguration",
      write: "PutLoggingConfiguration DeleteLoggingConfiguration",
    }),
    logDelivery,
    // "Permissions to publish logs to CloudWatch Logs" (WAF developer guide): the first logging web ACL creates this role.
    grant("iam", named("arn:aws:iam::{account}:role/aws-service-role/wafv2.amazonaws.com/*"), {
      write: "CreateServiceLinkedRole",
    }),
  ],
};
