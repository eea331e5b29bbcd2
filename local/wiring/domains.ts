import type { Finding } from "../../openapi";
import type { Model } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from "./index";

/** A domain name must be found in DNS and have a certificate that is valid by the time API Gateway asks for it. */
export function domainFindings(model: Model): Finding[] {
  return model.resources
    .ofType("aws:apigateway/domainName:DomainName")
    .flatMap((domain) => [...recordFindings(domain, model), ...certificateFindings(domain, model)]);
}

/** The DNS record of a domain name, whatever it points at. */
export function recordsOf(domainName: string, { resources }: Model): RecordedResource[] {
  const names = ["A", "AAAA", "CNAME"];
  return resources
    .ofType("aws:route53/record:Record")
    .filter(({ inputs }) => sameName(inputs.name, domainName) && names.includes(String(inputs.type)));
}

/** Whether a record leads callers to the domain's regional endpoint. */
export function leadsTo({ inputs }: RecordedResource, domain: RecordedResource): boolean {
  const values = (inputs.records as string[] | undefined) ?? [];
  const aliases = (inputs.aliases as { name: string }[] | undefined) ?? [];
  return [...values, ...aliases.map(({ name }) => name)].some((value) =>
    sameName(value, domain.outputs.regionalDomainName),
  );
}

function recordFindings(domain: RecordedResource, model: Model): Finding[] {
  const name = String(domain.outputs.domainName);
  const where = `domain ${name}`;
  const records = recordsOf(name, model);
  if (records.length === 0) {
    return [
      broken(
        "domain-without-record",
        where,
        "no Route 53 record has this name: nobody finds it. Add a CNAME to its regionalDomainName.",
      ),
    ];
  }
  if (records.some((record) => leadsTo(record, domain))) return [];
  return [
    broken(
      "record-leads-elsewhere",
      where,
      `its record does not point at ${domain.outputs.regionalDomainName}: callers arrive elsewhere.`,
    ),
  ];
}

function certificateFindings(domain: RecordedResource, { resources }: Model): Finding[] {
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
          ({ inputs }) =>
            sameName(inputs.name, option.resourceRecordName) &&
            ((inputs.records as string[] | undefined) ?? []).some((value) =>
              sameName(value, option.resourceRecordValue),
            ),
        ),
    )
    .map(({ domainName }) =>
      broken(
        "certificate-not-validated",
        where,
        `the record that proves ${domainName} to ACM is missing: its certificate is never issued.`,
      ),
    );
}

/** A wildcard stands for exactly one label. Source: https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html */
function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return sameName(pattern, name);
  return sameName(pattern.slice(2), name.split(".").slice(1).join("."));
}

function sameName(one: unknown, other: unknown): boolean {
  const bare = (name: unknown) => String(name).replace(/\.$/, "").toLowerCase();
  return bare(one) === bare(other);
}
