import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CustomDomainArgs {
  /** The domain name, e.g. uuid-api.dev.example.org. */
  domain: string;
  /** The public Route 53 zone that holds its records. */
  zoneId: pulumi.Input<string>;
  /** Refuse to delete the domain name: a new one has another DNS target. Default: false. */
  protect?: boolean;
  tags?: Record<string, string>;
}

/** A public domain name of one or more APIs: certificate, API Gateway domain, DNS record. */
export class CustomDomain extends pulumi.ComponentResource {
  /** The name as in the arguments, known in a preview. */
  readonly domain: string;
  readonly domainName: aws.apigateway.DomainName;
  /** The DNS record that makes callers arrive. */
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

    /** In the API's region, as a regional domain wants it. Replaced before it is deleted: AWS keeps one in use. */
    function createCertificate(): aws.acm.Certificate {
      return new aws.acm.Certificate(
        `${name}-certificate`,
        { domainName: args.domain, validationMethod: "DNS", tags: args.tags },
        { parent, deleteBeforeReplace: false },
      );
    }

    /** One name per certificate, so one record; ACM asks for the same record again in another stack or a renewal. */
    function createValidation(certificate: aws.acm.Certificate): aws.acm.CertificateValidation {
      const option = certificate.domainValidationOptions.apply((options) => {
        const [first] = options;
        if (first === undefined) throw new Error(`ACM gave no validation record for ${args.domain}`);
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
          // IPv6 too: the allow list has IPv6 ranges, and callers who are on neither list get an answer.
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
