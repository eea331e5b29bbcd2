import assert from "node:assert/strict";
import { CustomDomain } from "../../../components/edge/custom-domain";
import { type Declared, declare } from "../../support/declare";

const make = (preview = false): Promise<Declared> =>
  declare(
    () =>
      new CustomDomain("uuid-api.dev.example.org", {
        domain: "uuid-api.dev.example.org",
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
