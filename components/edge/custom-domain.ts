import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COMMON_NAME_MAX, SHORT_LABEL } from "../../lib/domain-name";
import { ordinalSuffix } from "../names";

export interface CustomDomainArgs {
  /** The domain name, e.g. uuid-api.dev.example.org. */
  domain: string;
  /** Name of the public Route 53 zone for its records. */
  zone: string;
  /** ID of that zone. */
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
  /** For its record and its mappings too: `pulumi destroy --skip-preview` deletes these first, and ends where one is protected. */
  readonly protect: boolean;
  /** The DNS record that points to API Gateway. */
  readonly record: aws.route53.Record;

  constructor(name: string, args: CustomDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:CustomDomain", name, {}, opts);
    const parent = this;

    this.domain = args.domain;
    this.protect = args.protect ?? false;
    const { protect } = this;
    const names = certificateNames(args.domain, args.zone);
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
      const [first, ...others] = names;
      return new aws.acm.Certificate(
        `${name}-certificate`,
        {
          domainName: first,
          ...(others.length > 0 && { subjectAlternativeNames: others }),
          validationMethod: "DNS",
          tags: args.tags,
        },
        { parent, deleteBeforeReplace: false },
      );
    }

    /** A record per name. ACM asks for the same record again in another stack or a renewal. */
    function createValidation(certificate: aws.acm.Certificate): aws.acm.CertificateValidation {
      const records = names.map((domain, index) => {
        const option = certificate.domainValidationOptions.apply((options) => {
          const found = options.find(({ domainName }) => domainName === domain);
          if (found === undefined) throw new Error(`ACM returned no validation record for ${domain}`);
          return found;
        });
        return new aws.route53.Record(
          `${name}-validation${ordinalSuffix(index)}`,
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
      });
      return new aws.acm.CertificateValidation(
        `${name}-validated`,
        { certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn) },
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
        { parent, protect },
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
        { parent, protect },
      );
    }
  }
}

/**
 * The names of a domain name's certificate. The first one, the Common Name, has at most 64 characters; a longer domain name
 * is an alternative name after a short one that no other certificate of the zone has.
 * Source: ACM API reference, RequestCertificate, DomainName.
 */
export function certificateNames(domain: string, zone: string): [string, ...string[]] {
  if (domain.length <= COMMON_NAME_MAX) return [domain];
  const label = createHash("sha256").update(domain).digest("hex").slice(0, SHORT_LABEL);
  return [`${label}.${zone}`, domain];
}
