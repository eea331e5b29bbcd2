import type { Finding } from "../../lib/finding";
import type { Model } from "../model";
import type { Recorded } from "../recording/aws-types";
import { checkCertificate } from "./certificates";
import { inAnotherZone, sameName } from "./dns";
import { collect, type Report, type ReportAt } from "./rules";

type Domain = Recorded<"aws:apigateway/domainName:DomainName">;

export function domainChecks(model: Model, at: ReportAt): void {
  for (const domain of model.resources.ofType("aws:apigateway/domainName:DomainName")) {
    checkDomain(domain, model, at);
  }
}

/** Why callers cannot reach a domain name: it must resolve, and API Gateway requires a valid certificate. */
export function domainFindings(domain: Domain, model: Model): Finding[] {
  const findings: Finding[] = [];
  checkDomain(domain, model, collect(findings));
  return findings;
}

function checkDomain(domain: Domain, model: Model, at: ReportAt): void {
  const report = at(`domain ${domain.outputs.domainName}`);
  // Source: API Gateway V2 API reference, CreateApiMapping: only REGIONAL domain names.
  const types = domain.inputs.endpointConfiguration?.types;
  if (types !== undefined && types !== "REGIONAL") report("domain-not-regional", types);
  checkRecord(domain, model, report);
  checkCertificate(domain, model, report);
}

function checkRecord({ outputs }: Domain, { resources }: Model, report: Report) {
  const records = resources
    .ofType("aws:route53/record:Record")
    .filter(
      ({ inputs }) => sameName(inputs.name, outputs.domainName) && /^(A|AAAA|CNAME)$/.test(inputs.type),
    );
  if (records.length === 0) return report("domain-without-record");
  const right = records.filter(({ inputs: { records: values = [], aliases = [] } }) =>
    [...values, ...aliases.map(({ name }) => name)].some((value) =>
      sameName(value, outputs.regionalDomainName),
    ),
  );
  if (right.length === 0) return report("record-points-elsewhere", outputs.regionalDomainName);
  if (right.every((record) => inAnotherZone(record, resources))) report("record-in-another-zone");
}
