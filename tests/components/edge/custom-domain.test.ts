import assert from "node:assert/strict";
import { CustomDomain, certificateNames } from "../../../components/edge/custom-domain";
import { type Declared, declare } from "../../support/declare";

const make = (preview = false, domain = "uuid-api.dev.example.org"): Promise<Declared> =>
  declare(
    () =>
      new CustomDomain(domain, {
        domain,
        zone: "example.org",
        zoneId: "Z0123456789ABC",
      }),
    {
      preview,
    },
  );

describe("CustomDomain", () => {
  it("is regional, with a certificate of the API's region and TLS 1.2", async () => {
    const declared = await make();
    const { inputs } = declared.one("DomainName");
    assert.deepEqual(inputs.endpointConfiguration, { types: "REGIONAL", ipAddressType: "dualstack" });
    assert.equal(inputs.regionalCertificateArn, declared.one("Certificate").outputs.arn);
    assert.equal(inputs.certificateArn, undefined);
    assert.equal(inputs.securityPolicy, "TLS_1_2");
  });

  it("waits until the certificate is validated by its one DNS record", async () => {
    const declared = await make();
    const record = declared.one("Record", "uuid-api.dev.example.org-validation");
    assert.equal(record.inputs.allowOverwrite, true);
    assert.deepEqual(declared.one("CertificateValidation").inputs.validationRecordFqdns, [
      record.outputs.fqdn,
    ]);
  });

  it("has a short first name in its certificate when its own is longer than 64 characters, and validates both", async () => {
    const long = `${"a".repeat(60)}.dev.example.org`;
    const declared = await make(false, long);
    const { inputs } = declared.one("Certificate");
    assert.match(String(inputs.domainName), /^[0-9a-f]{8}\.example\.org$/);
    assert.deepEqual(inputs.subjectAlternativeNames, [long]);
    assert.deepEqual(
      declared.all("Record").map(({ name }) => name.slice(long.length)),
      ["-record", "-validation", "-validation-2"],
    );
    const { validationRecordFqdns } = declared.one("CertificateValidation").inputs;
    assert.equal(new Set(validationRecordFqdns as string[]).size, 2);
    const [other] = certificateNames(`${"b".repeat(60)}.dev.example.org`, "example.org");
    assert.notEqual(other, inputs.domainName, "two domain names do not share a validation record");
    assert.deepEqual(certificateNames("a".repeat(64), "example.org"), ["a".repeat(64)]);
  });

  it("is found by a CNAME to the regional domain name", async () => {
    const declared = await make();
    const { inputs } = declared.one("Record", "uuid-api.dev.example.org-record");
    assert.equal(inputs.type, "CNAME");
    assert.equal(inputs.name, "uuid-api.dev.example.org");
    assert.deepEqual(inputs.records, [declared.one("DomainName").outputs.regionalDomainName]);
  });

  it("never deletes a certificate before its replacement", async () => {
    assert.equal((await make()).one("Certificate").options.deleteBeforeReplace, false);
  });

  it("declares the same in a preview", async () => {
    assert.deepEqual((await make(true)).names, (await make()).names);
  });
});
