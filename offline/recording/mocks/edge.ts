import type { Mock } from "./mock";
import { hex, uuid } from "./names";

/** aws:acm, aws:route53 and aws:wafv2. */
export const edge: Record<string, Mock> = {
  "aws:acm/certificate:Certificate": (certificate) => {
    const arn = certificate.arn("acm", `certificate/${certificate.uuid()}`);
    const { domainName, subjectAlternativeNames } = certificate.inputs;
    const names = new Set([domainName, subjectAlternativeNames ?? []].flat().map(String));
    return {
      id: arn,
      arn,
      status: "PENDING_VALIDATION",
      domainValidationOptions: [...names].map(validationOption),
    };
  },

  "aws:acm/certificateValidation:CertificateValidation": ({ inputs }) => ({
    id: "2025-01-01 00:00:00 +0000 UTC",
    certificateArn: inputs.certificateArn,
  }),

  "aws:route53/record:Record": ({ inputs }) => ({
    id: `${inputs.zoneId}_${inputs.name}_${inputs.type}`,
    fqdn: String(inputs.name).replace(/\.$/, ""),
  }),

  "aws:route53/zone:Zone": (zone) => {
    const zoneId = `Z${zone.hex(13).toUpperCase()}`;
    return {
      id: zoneId,
      zoneId,
      name: zone.inputs.name,
      arn: `arn:aws:route53:::hostedzone/${zoneId}`,
      nameServers: [],
    };
  },

  "aws:wafv2/ipSet:IpSet": wafv2("ipset"),
  "aws:wafv2/webAcl:WebAcl": wafv2("webacl"),
  "aws:wafv2/ruleGroup:RuleGroup": wafv2("rulegroup"),
  "aws:wafv2/regexPatternSet:RegexPatternSet": wafv2("regexpatternset"),

  "aws:wafv2/webAclAssociation:WebAclAssociation": ({ inputs }) => ({
    id: `${inputs.webAclArn},${inputs.resourceArn}`,
  }),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ({ inputs }) => ({
    id: String(inputs.resourceArn),
  }),
};

/** ACM uses one validation record for a name and its wildcard. */
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
  return (made) => {
    const { name, urn, inputs } = made;
    const id = made.uuid();
    const scope = inputs.scope === "CLOUDFRONT" ? "global" : "regional";
    return {
      id,
      name,
      arn: made.arn("wafv2", `${scope}/${kind}/${name}/${id}`),
      lockToken: uuid(`${urn} lock`),
    };
  };
}
