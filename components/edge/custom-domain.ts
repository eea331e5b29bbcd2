import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CustomDomainArgs {
  /** The domain name, e.g. uuid-api.dev.example.org. */
  domain: string;
  /** ID of the public Route 53 zone for its records. */
  zoneId: pulumi.Input<string>;
  /** Refuse deletion of the domain name: a new one gets another DNS target. Default: false. */
  protect?: boolean;
  tags?: Record<string, string>;
}

/** A public domain name of one or more APIs: certificate, API Gateway domain name, DNS record. */
export class CustomDomain extends pulumi.ComponentResource {
  /** As in the arguments, so that a preview knows it. */
  readonly domain: string;
  readonly domainName: aws.apigateway.DomainName;
  /** The DNS record that points to API Gateway. */
  readonly record: aws.route53.Record;

  constructor(name: string, args: CustomDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:CustomDomain", name, {}, opts);
    const parent = this;

    this.domain = args.domain;
    const certificate = createCertificate();
    const validation = createValidation(certificate);
    this.domainName = createDomainName(validation);
    this.record = createRecord(this.domainName);
    this.registerOutputs({
      domainName: this.domainName.domainName,
      target: this.domainName.regionalDomainName,
    });

    /** In the API's region, as regional domain names require. Create-before-delete: AWS refuses to delete a certificate in use. */
    function createCertificate(): aws.acm.Certificate {
      return new aws.acm.Certificate(
        `${name}-certificate`,
        { domainName: args.domain, validationMethod: "DNS", tags: args.tags },
        { parent, deleteBeforeReplace: false },
      );
    }

    /** One record, as the certificate has one name. ACM asks for the same record again in another stack or a renewal. */
    function createValidation(certificate: aws.acm.Certificate): aws.acm.CertificateValidation {
      const option = certificate.domainValidationOptions.apply((options) => {
        const [first] = options;
        if (first === undefined) throw new Error(`ACM returned no validation record for ${args.domain}`);
        return first;
      });
      const record = new aws.route53.Record(
        `${name}-validation`,
        {
          zoneId: args.zoneId,
          name: option.resourceRecordName,
          type: option.resourceRecordType,
          records: [option.resourceRecordValue],
          ttl: 300,
          allowOverwrite: true,
        },
        { parent },
      );
      return new aws.acm.CertificateValidation(
        `${name}-validated`,
        { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
        { parent },
      );
    }

    function createDomainName(validation: aws.acm.CertificateValidation): aws.apigateway.DomainName {
      return new aws.apigateway.DomainName(
        `${name}-domain`,
        {
          domainName: args.domain,
          regionalCertificateArn: validation.certificateArn,
          // Also IPv6: the allow list has IPv6 ranges, and blocked IPv6 callers should see the 403, not a connection error.
          endpointConfiguration: { types: "REGIONAL", ipAddressType: "dualstack" },
          securityPolicy: "TLS_1_2",
          tags: args.tags,
        },
        { parent, ...(args.protect ? { protect: true } : {}) },
      );
    }

    function createRecord(domainName: aws.apigateway.DomainName): aws.route53.Record {
      return new aws.route53.Record(
        `${name}-record`,
        {
          zoneId: args.zoneId,
          name: args.domain,
          type: "CNAME",
          records: [domainName.regionalDomainName],
          ttl: 300,
        },
        { parent },
      );
    }
  }
}
