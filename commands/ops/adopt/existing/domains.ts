import { type ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { type APIGatewayClient, paginateGetDomainNames } from "@aws-sdk/client-api-gateway";
import { type ApiGatewayV2Client, GetApiMappingsCommand } from "@aws-sdk/client-apigatewayv2";
import {
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";

/** An API mapping of a custom domain name. */
export interface ExistingMapping {
  restApiId: string;
  stageName: string;
  domainName: string;
  basePath?: string;
  mappingId: string;
  certificateArn?: string;
}

/** Every mapping of every regional domain name that ends in `zone`. */
export async function existingMappings(
  apiGateway: APIGatewayClient,
  apiGatewayV2: ApiGatewayV2Client,
  zone: string,
): Promise<ExistingMapping[]> {
  const mappings: ExistingMapping[] = [];
  for await (const page of paginateGetDomainNames({ client: apiGateway, pageSize: 500 }, {})) {
    for (const { domainName, regionalCertificateArn } of page.items ?? []) {
      if (!domainName || !(domainName === zone || domainName.endsWith(`.${zone}`))) continue;
      let NextToken: string | undefined;
      do {
        const found = await apiGatewayV2.send(
          new GetApiMappingsCommand({ DomainName: domainName, NextToken }),
        );
        for (const { ApiId, ApiMappingId, ApiMappingKey, Stage } of found.Items ?? []) {
          if (!ApiId || !ApiMappingId || !Stage) continue;
          mappings.push({
            restApiId: ApiId,
            stageName: Stage,
            domainName,
            mappingId: ApiMappingId,
            ...(ApiMappingKey ? { basePath: ApiMappingKey } : {}),
            ...(regionalCertificateArn ? { certificateArn: regionalCertificateArn } : {}),
          });
        }
        NextToken = found.NextToken;
      } while (NextToken);
    }
  }
  return mappings;
}

/** Why the program cannot adopt a certificate for a domain name; undefined when it can. */
export async function certificateProblem(
  certificates: ACMClient,
  arn: string,
  domainName: string,
): Promise<string | undefined> {
  const { Certificate } = await certificates.send(new DescribeCertificateCommand({ CertificateArn: arn }));
  const { DomainName, SubjectAlternativeNames = [], Type, DomainValidationOptions = [] } = Certificate ?? {};
  if (Type !== "AMAZON_ISSUED") return `was not issued by AWS (${Type ?? "unknown"})`;
  if (DomainName !== domainName || SubjectAlternativeNames.some((name) => name !== domainName))
    return `is for ${[DomainName, ...SubjectAlternativeNames.filter((name) => name !== DomainName)].join(", ")}`;
  if (DomainValidationOptions.some(({ ValidationMethod }) => ValidationMethod !== "DNS"))
    return "was not validated by DNS";
  return undefined;
}

/** Id of the public hosted zone with a name; undefined when this account has none. */
export async function hostedZone(route53: Route53Client, zone: string): Promise<string | undefined> {
  const { HostedZones } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: zone }));
  const found = HostedZones?.find(({ Name, Config }) => Name === `${zone}.` && Config?.PrivateZone !== true);
  return found?.Id?.replace("/hostedzone/", "");
}

/** Types of a name's records in a zone. Route 53 lists records in order, starting at the requested name. */
export async function recordTypes(route53: Route53Client, zoneId: string, name: string): Promise<string[]> {
  const { ResourceRecordSets } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 20 }),
  );
  return (ResourceRecordSets ?? []).flatMap(({ Name, Type }) => (Name === `${name}.` && Type ? [Type] : []));
}
