import { address, remove, set, validation } from "../../wires";
import type { PlantedMistake } from ".";

export const domains: PlantedMistake[] = [
  {
    what: "a domain name without a record",
    rule: "domain-without-record",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find, recording) => remove(recording, find("Record", "uuid-api", address)),
  },
  {
    what: "a record that points at another API's domain",
    rule: "record-points-elsewhere",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) =>
      set(find("Record", "uuid-api", address), {
        records: find("Record", "entity-api", address).inputs.records,
      }),
  },
  {
    what: "a certificate that nothing validates",
    rule: "certificate-not-validated",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find, recording) => remove(recording, find("CertificateValidation", "uuid-api")),
  },
  {
    what: "a certificate whose validation record is missing",
    rule: "validation-record-missing",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find, recording) => remove(recording, find("Record", "uuid-api", validation)),
  },
  {
    what: "a domain name that does not wait for its certificate",
    rule: "domain-before-certificate",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => {
      find("DomainName", "uuid-api").options.dependsOn = [];
    },
  },
  {
    what: "a domain name without a certificate",
    rule: "domain-without-certificate",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("DomainName", "uuid-api"), { regionalCertificateArn: undefined }),
  },
  {
    what: "a certificate for another name",
    rule: "certificate-of-another-name",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("Certificate", "uuid-api"), { domainName: "*.example.org" }),
  },
  {
    what: "a record in another zone",
    rule: "record-in-another-zone",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("Record", "uuid-api", address), { zoneId: "Z0ELSEWHERE" }),
  },
  {
    what: "a validation record in another zone",
    rule: "validation-record-missing",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("Record", "uuid-api", validation), { zoneId: "Z0ELSEWHERE" }),
  },
  {
    what: "a certificate of another region",
    rule: "certificate-in-another-region",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("Certificate", "uuid-api"), { region: "us-west-2" }),
  },
  {
    what: "a certificate that is validated by e-mail",
    rule: "certificate-needs-approval",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("Certificate", "uuid-api"), { validationMethod: "EMAIL" }),
  },
  {
    what: "an edge-optimized domain name with a mapping",
    rule: "domain-not-regional",
    where: /^domain uuid-api\.dev\.example\.org$/,
    mistake: (find) => set(find("DomainName", "uuid-api"), { endpointConfiguration: { types: "EDGE" } }),
  },
];
