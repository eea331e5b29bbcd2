import type { Model } from "../model";
import type { Recorded } from "../recording/aws-types";
import { inAnotherZone, sameName } from "./dns";
import type { Report } from "./rules";

/** A certificate must be for the domain name, in its region, and issued before API Gateway asks for it. */
export function checkCertificate(
  domain: Recorded<"aws:apigateway/domainName:DomainName">,
  { resources, region }: Model,
  report: Report,
) {
  const { domainName, regionalCertificateArn, certificateArn } = domain.inputs;
  const arn = regionalCertificateArn ?? certificateArn;
  const certificate = resources.byId("aws:acm/certificate:Certificate", arn);
  if (!certificate) return report("domain-without-certificate");
  const { domainName: name = "", subjectAlternativeNames = [], validationMethod } = certificate.inputs;
  const names = [name, ...subjectAlternativeNames];
  if (!names.some((pattern) => covers(pattern, domainName)))
    return report("certificate-of-another-name", names);
  const certificateRegion = certificate.inputs.region ?? region;
  if (certificateRegion !== (domain.inputs.region ?? region))
    return report("certificate-in-another-region", certificateRegion);
  if (validationMethod !== "DNS") return report("certificate-needs-approval", validationMethod ?? "not set");
  const [validation] = resources.where(
    "aws:acm/certificateValidation:CertificateValidation",
    "certificateArn",
    arn,
  );
  if (!validation) return report("certificate-not-validated");
  if (!domain.options.dependsOn.includes(validation.urn)) return report("domain-before-certificate");
  for (const missing of missingRecords(certificate, resources)) report("validation-record-missing", missing);
}

/** Names of the certificate whose validation record is not in their zone. */
function missingRecords(
  { outputs }: Recorded<"aws:acm/certificate:Certificate">,
  resources: Model["resources"],
): string[] {
  const records = resources
    .ofType("aws:route53/record:Record")
    .filter((record) => !inAnotherZone(record, resources));
  return outputs.domainValidationOptions
    .filter(
      ({ resourceRecordName, resourceRecordValue }) =>
        !records.some(
          ({ inputs }) =>
            sameName(inputs.name, resourceRecordName) &&
            inputs.records?.some((value) => sameName(value, resourceRecordValue)),
        ),
    )
    .map(({ domainName }) => domainName);
}

/** A wildcard matches exactly one label. Source: https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html */
function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return sameName(pattern, name);
  return sameName(pattern.slice(2), name.split(".").slice(1).join("."));
}
