import type { Finding } from "../../openapi";
import type { Model } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from ".";
import { inAnotherZone, sameName } from "./dns";

/** A certificate must be for the domain name, in its region, and valid by the time API Gateway asks for it. */
export function certificateFindings(domain: RecordedResource, { resources, region }: Model): Finding[] {
  const name = String(domain.outputs.domainName);
  const where = `domain ${name}`;
  const arn = domain.inputs.regionalCertificateArn ?? domain.inputs.certificateArn;
  const certificate = resources.byId("aws:acm/certificate:Certificate", arn);
  if (!certificate) {
    return [
      broken(
        "domain-without-certificate",
        where,
        "it has no certificate of this stack: API Gateway refuses the domain name.",
      ),
    ];
  }
  const names = [
    certificate.inputs.domainName,
    ...((certificate.inputs.subjectAlternativeNames as string[]) ?? []),
  ];
  if (!names.some((pattern) => covers(String(pattern), name))) {
    return [
      broken(
        "certificate-of-another-name",
        where,
        `its certificate is for ${names.join(", ")}: API Gateway refuses it.`,
      ),
    ];
  }
  if (String(certificate.inputs.region ?? region) !== String(domain.inputs.region ?? region)) {
    return [
      broken(
        "certificate-in-another-region",
        where,
        `its certificate is in ${certificate.inputs.region}: a regional domain name wants it in its own region.`,
      ),
    ];
  }
  if (certificate.inputs.validationMethod !== "DNS") {
    return [
      broken(
        "certificate-not-validated",
        where,
        `its certificate is validated by ${certificate.inputs.validationMethod ?? "nothing"}: set validationMethod to DNS, or somebody must answer a mail for each certificate.`,
      ),
    ];
  }
  const validation = resources.where(
    "aws:acm/certificateValidation:CertificateValidation",
    "certificateArn",
    arn,
  )[0];
  if (!validation) {
    return [
      broken(
        "certificate-not-validated",
        where,
        "nothing validates its certificate, so ACM never issues it. Add the validation record and a CertificateValidation.",
      ),
    ];
  }
  if (!domain.options.dependsOn.includes(validation.urn)) {
    return [
      broken(
        "domain-before-certificate",
        where,
        "it does not wait for the validation of its certificate: take certificateArn from the CertificateValidation.",
      ),
    ];
  }
  return validationRecordFindings(certificate, where, resources);
}

function validationRecordFindings(
  certificate: RecordedResource,
  where: string,
  resources: Model["resources"],
): Finding[] {
  const options = certificate.outputs.domainValidationOptions as {
    domainName: string;
    resourceRecordName: string;
    resourceRecordValue: string;
  }[];
  const records = resources.ofType("aws:route53/record:Record");
  return options
    .filter(
      (option) =>
        !records.some(
          (record) =>
            sameName(record.inputs.name, option.resourceRecordName) &&
            !inAnotherZone(record, resources) &&
            ((record.inputs.records as string[] | undefined) ?? []).some((value) =>
              sameName(value, option.resourceRecordValue),
            ),
        ),
    )
    .map(({ domainName }) =>
      broken(
        "certificate-not-validated",
        where,
        `the record that proves ${domainName} to ACM is missing in its zone: its certificate is never issued.`,
      ),
    );
}

/** A wildcard stands for exactly one label. Source: https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html */
function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return sameName(pattern, name);
  return sameName(pattern.slice(2), name.split(".").slice(1).join("."));
}
