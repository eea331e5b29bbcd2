import { objectAt, stringAt, strings } from "../../lib/json";
import { type PolicyResource, ruleFor, type StackRule } from "../rule";
import { openRanges } from "./network";

const STAGE = "aws:apigateway/stage:Stage";
const IP_SET = "aws:wafv2/ipSet:IpSet";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

export const accessLogging = ruleFor([STAGE], {
  name: "access-logging",
  description: "Every API stage writes an access log with the request id.",
  check(inputs) {
    const settings = objectAt(inputs, "accessLogSettings");
    if (settings === undefined)
      return ["the stage has no accessLogSettings, so nothing records who called it"];
    // AWS refuses a format without it: "must contain at least $context.requestId or $context.extendedRequestId"
    // (developer guide, "Set up CloudWatch logging for REST APIs").
    return /\$context\.(requestId|extendedRequestId)/.test(String(settings.format))
      ? []
      : ["the access log format lacks $context.requestId, which AWS requires"];
  },
});

/** Security policies with TLS 1.2 as their oldest version (developer guide, "Security policies for REST APIs"). */
export function isModernTls(policy: unknown): boolean {
  return policy === "TLS_1_2" || (typeof policy === "string" && /^SecurityPolicy_TLS1[23]_/.test(policy));
}

export const modernTls = ruleFor(["aws:apigateway/domainName:DomainName"], {
  name: "tls-1-2",
  description: "A domain name accepts only TLS 1.2 or newer.",
  check: ({ securityPolicy }) =>
    isModernTls(securityPolicy)
      ? []
      : [
          `securityPolicy is ${securityPolicy ?? "not set (AWS then accepts TLS 1.0)"}; set TLS_1_2 or a SecurityPolicy_TLS13_… policy`,
        ],
});

/**
 * The execute-api endpoint of a regional API accepts TLS 1.0 unless it is disabled or has its own security policy
 * (developer guide, "Choose a security policy for your REST API custom domain": "For Regional APIs: TLS-1-0").
 */
export const defaultEndpoint = ruleFor(["aws:apigateway/restApi:RestApi"], {
  name: "default-endpoint",
  description: "The API's execute-api endpoint is disabled, or accepts only TLS 1.2 or newer.",
  check: ({ disableExecuteApiEndpoint, securityPolicy }) =>
    disableExecuteApiEndpoint === true || isModernTls(securityPolicy)
      ? []
      : ["the execute-api endpoint accepts TLS 1.0; set disableExecuteApiEndpoint: true"],
});

export const webAclOnStage: StackRule = {
  name: "web-acl-on-non-production",
  description: "Every API stage outside production has a web ACL.",
  checkStack(resources, { production, stage }) {
    if (production) return [];
    const associations = resources.filter(({ type }) => type === ASSOCIATION);
    return resources
      .filter(({ type }) => type === STAGE)
      .filter((apiStage) => !associations.some((association) => guards(association, apiStage)))
      .map(({ urn }) => ({
        urn,
        message: `no web ACL is associated with this API stage, so anyone can call ${stage}; add a wafv2.WebAclAssociation`,
      }));
  },
};

/** A stage's ARN consists of its API's id and its name, both inputs; while ARNs are unknown, the reference decides. */
function guards(association: PolicyResource, apiStage: PolicyResource): boolean {
  const known = association.references?.resourceArn;
  if (known !== undefined) return known.includes(apiStage.urn);
  const arn = stringAt(association.inputs, "resourceArn");
  return arn?.endsWith(`/restapis/${apiStage.inputs.restApi}/stages/${apiStage.inputs.stageName}`) ?? false;
}

/** The IP sets are the allow list of a web ACL that blocks by default. */
export const closedAllowList = ruleFor([IP_SET], {
  name: "closed-allow-list",
  description: "Outside production an allow list contains certain addresses, never the whole internet.",
  check: ({ addresses }, _resource, { production }) =>
    production
      ? []
      : openRanges(strings(addresses)).map((range) => `${range} allows everyone; list the callers' networks`),
});

export const webAclBlocks = ruleFor(["aws:wafv2/webAcl:WebAcl"], {
  name: "web-acl-blocks-by-default",
  description: "Outside production a web ACL blocks callers that no rule allows.",
  check: (inputs, _resource, { production }) =>
    production || objectAt(inputs, "defaultAction")?.block !== undefined
      ? []
      : ["the default action is not block, so the web ACL allows everyone"],
});
