import type { PlainObject } from "../plain";
import { apiGateway } from "./api-gateway";
import { compute } from "./compute";
import { edge } from "./edge";
import { hex, physicalName, uuid } from "./names";
import { network } from "./network";

export interface AwsPlace {
  region: string;
  accountId: string;
}

export interface Declared {
  urn: string;
  type: string;
  /** Logical name. */
  name: string;
  inputs: PlainObject;
  /** Whether a provider would create it; components have neither id nor outputs but what they register. */
  custom: boolean;
}

/** What AWS would have answered on creation. */
export interface Created {
  id: string;
  outputs: PlainObject;
}

export type Mock = (declared: Declared, place: AwsPlace) => Created;

const mocks: Record<string, Mock> = { ...apiGateway, ...network, ...edge, ...compute };

/** Services whose resources a request meets: one that is not known here would be skipped in silence. */
const onTheRequestPath =
  /^aws:(apigateway|apigatewayv2|lb|alb|elb|lambda|wafv2|wafregional|acm|route53|cloudfront|vpc)\//;

/** @throws Error when the resource sits on the request path and no mock knows its type. */
export function createResource(declared: Declared, place: AwsPlace): Created {
  const mock = mocks[declared.type];
  if (mock) return mock(declared, place);
  if (!declared.custom) return { id: "", outputs: {} };
  if (declared.type.startsWith("pulumi:providers:")) return { id: uuid(declared.urn), outputs: {} };
  if (onTheRequestPath.test(declared.type)) {
    throw new Error(
      `${declared.name}: a recording does not know ${declared.type}. ` +
        "Add what AWS answers to offline/recording/mocks and, if requests pass through it, to offline/model.",
    );
  }
  return offThePath(declared, place);
}

/** Resources that no request passes through (log groups, roles, alarms, …): a name, an id and an ARN will do. */
function offThePath({ type, name, urn, inputs }: Declared, place: AwsPlace): Created {
  const [, module = ""] = type.split(":");
  const [service = "", kind = ""] = module.split("/");
  const physical = physicalName(inputs.name ?? inputs.bucket, name, urn);
  const arn = arnOf(service, kind, physical, urn, place);
  const id = idsThatAreArns.test(type) ? arn : physical;
  return { id, outputs: { arn, name: physical, ...extras(type, physical, urn) } };
}

const idsThatAreArns = /^aws:(secretsmanager\/secret:|sns\/topic:|iam\/policy:|scheduler\/)/;

function arnOf(
  service: string,
  kind: string,
  name: string,
  urn: string,
  { region, accountId }: AwsPlace,
): string {
  switch (`${service}/${kind}`) {
    case "cloudwatch/logGroup":
      return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
    case "cloudwatch/eventRule":
      return `arn:aws:events:${region}:${accountId}:rule/${name}`;
    case "cloudwatch/metricAlarm":
      return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
    case "secretsmanager/secret":
      return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${hex(urn, 6)}`;
    case "ssm/parameter":
      return `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
    case "sns/topic":
      return `arn:aws:sns:${region}:${accountId}:${name}`;
    case "s3/bucket":
    case "s3/bucketV2":
      return `arn:aws:s3:::${name}`;
    case "iam/role":
    case "iam/policy":
      return `arn:aws:iam::${accountId}:${kind}/${name}`;
    case "iam/instanceProfile":
      return `arn:aws:iam::${accountId}:instance-profile/${name}`;
    default:
      return `arn:aws:${service}:${region}:${accountId}:${kind}/${name}`;
  }
}

function extras(type: string, name: string, urn: string): PlainObject {
  switch (type) {
    case "aws:iam/role:Role":
      return { uniqueId: `AROA${hex(urn, 16).toUpperCase()}` };
    case "aws:kms/key:Key":
      return { keyId: uuid(urn) };
    case "aws:s3/bucket:Bucket":
    case "aws:s3/bucketV2:BucketV2":
      return { bucket: name, bucketRegionalDomainName: `${name}.s3.amazonaws.com` };
    default:
      return {};
  }
}
