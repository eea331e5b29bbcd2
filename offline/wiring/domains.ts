import type { Finding } from "../../openapi";
import type { Model } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from ".";
import { certificateFindings } from "./certificates";
import { inAnotherZone, sameName } from "./dns";

export function domainFindings(model: Model): Finding[] {
  return model.resources
    .ofType("aws:apigateway/domainName:DomainName")
    .flatMap((domain) => findingsOf(domain, model));
}

/** Why callers do not get to a domain name: it must be found in DNS, and API Gateway takes it with a valid certificate only. */
export function findingsOf(domain: RecordedResource, model: Model): Finding[] {
  return [
    ...endpointFindings(domain),
    ...recordFindings(domain, model),
    ...certificateFindings(domain, model),
  ];
}

/** Source: API Gateway V2 API reference, CreateApiMapping: domain names that are REGIONAL only. */
function endpointFindings({ inputs, outputs }: RecordedResource): Finding[] {
  const { types } = (inputs.endpointConfiguration ?? {}) as { types?: string | string[] };
  if (types === undefined || [types].flat().includes("REGIONAL")) return [];
  return [
    broken(
      "domain-not-regional",
      `domain ${outputs.domainName}`,
      `its endpoint is ${types}: API mappings and a regional certificate want REGIONAL.`,
    ),
  ];
}

/** The DNS record of a domain name, whatever it points at. */
function recordsOf(domainName: string, { resources }: Model): RecordedResource[] {
  const names = ["A", "AAAA", "CNAME"];
  return resources
    .ofType("aws:route53/record:Record")
    .filter(({ inputs }) => sameName(inputs.name, domainName) && names.includes(String(inputs.type)));
}

/** Whether a record leads callers to the domain's regional endpoint. */
function leadsTo({ inputs }: RecordedResource, domain: RecordedResource): boolean {
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
  const leading = records.filter((record) => leadsTo(record, domain));
  if (leading.some((record) => !inAnotherZone(record, model.resources))) return [];
  if (leading.length > 0) {
    return [
      broken(
        "record-in-another-zone",
        where,
        "its record is in a Route 53 zone of another domain: nobody finds it.",
      ),
    ];
  }
  return [
    broken(
      "record-leads-elsewhere",
      where,
      `its record does not point at ${domain.outputs.regionalDomainName}: callers arrive elsewhere.`,
    ),
  ];
}
