import { hex, physicalName, uuid } from "./names";
import type { Mock } from "./resources";

/** aws:acm, aws:route53 and aws:wafv2. */
export const edge: Record<string, Mock> = {
  "aws:acm/certificate:Certificate": ({ urn, inputs }, { region, accountId }) => {
    const arn = `arn:aws:acm:${region}:${accountId}:certificate/${uuid(urn)}`;
    const alternatives = (inputs.subjectAlternativeNames as string[] | undefined) ?? [];
    const names = [...new Set([inputs.domainName as string, ...alternatives])];
    return {
      id: arn,
      outputs: { arn, status: "PENDING_VALIDATION", domainValidationOptions: names.map(validationOption) },
    };
  },

  "aws:acm/certificateValidation:CertificateValidation": ({ inputs }) => ({
    id: "2025-01-01 00:00:00 +0000 UTC",
    outputs: { certificateArn: inputs.certificateArn },
  }),

  "aws:route53/record:Record": ({ inputs }) => ({
    id: `${inputs.zoneId}_${inputs.name}_${inputs.type}`,
    outputs: { fqdn: String(inputs.name).replace(/\.$/, "") },
  }),

  "aws:route53/zone:Zone": ({ urn, inputs }) => {
    const zoneId = `Z${hex(urn, 13).toUpperCase()}`;
    return {
      id: zoneId,
      outputs: { zoneId, name: inputs.name, arn: `arn:aws:route53:::hostedzone/${zoneId}`, nameServers: [] },
    };
  },

  "aws:wafv2/ipSet:IpSet": wafv2("ipset"),
  "aws:wafv2/webAcl:WebAcl": wafv2("webacl"),
  "aws:wafv2/ruleGroup:RuleGroup": wafv2("rulegroup"),
  "aws:wafv2/regexPatternSet:RegexPatternSet": wafv2("regexpatternset"),

  "aws:wafv2/webAclAssociation:WebAclAssociation": ({ inputs }) => ({
    id: `${inputs.webAclArn},${inputs.resourceArn}`,
    outputs: {},
  }),

  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ({ inputs }) => ({
    id: inputs.resourceArn as string,
    outputs: {},
  }),
};

/** ACM asks for the same record for a name and its wildcard, so the answer depends on the bare name only. */
function validationOption(domainName: string) {
  const bare = domainName.replace(/^\*\./, "");
  return {
    domainName,
    resourceRecordName: `_${hex(bare, 32)}.${bare}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${hex(`value ${bare}`, 32)}.acm-validations.aws.`,
  };
}

function wafv2(kind: string): Mock {
  return ({ urn, name, inputs }, { region, accountId }) => {
    const id = uuid(urn);
    const physical = physicalName(inputs.name, name, urn);
    const scope = inputs.scope === "CLOUDFRONT" ? "global" : "regional";
    const arn = `arn:aws:wafv2:${region}:${accountId}:${scope}/${kind}/${physical}/${id}`;
    return { id, outputs: { name: physical, arn, lockToken: uuid(`${urn} lock`) } };
  };
}
