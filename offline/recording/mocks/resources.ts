import type { PlainObject } from "../plain";
import { apiGateway } from "./api-gateway";
import { compute } from "./compute";
import { edge } from "./edge";
import { type AwsEnvironment, Creation, type Declared, type Mock } from "./mock";
import { physicalName } from "./names";
import { network } from "./network";

const mocks: Record<string, Mock> = { ...apiGateway, ...network, ...edge, ...compute };

/** Services on the request path. An unknown resource of one of them would drop out of the checks without notice. */
const onTheRequestPath =
  /^aws:(apigateway|apigatewayv2|lb|alb|elb|lambda|wafv2|wafregional|acm|route53|cloudfront|vpc)\//;

/** @throws Error for a resource on the request path whose type has no mock */
export function createResource(
  declared: Declared,
  environment: AwsEnvironment,
): { id: string; outputs: PlainObject } {
  const creation = new Creation(declared, environment);
  const { id, ...outputs } = (mocks[declared.type] ?? mockFor(declared))(creation);
  return { id, outputs };
}

function mockFor({ type, name, custom }: Declared): Mock {
  if (!custom) return () => ({ id: "" });
  if (type.startsWith("pulumi:providers:")) return (provider) => ({ id: provider.uuid() });
  if (!onTheRequestPath.test(type)) return offThePath;
  throw new Error(
    `${name}: a recording does not support ${type}. ` +
      "Add what AWS answers to offline/recording/mocks and, if requests pass through it, to offline/model.",
  );
}

/** Resources that no request passes through (log groups, roles, alarms, …) need only a name, an id and an ARN. */
function offThePath(creation: Creation): ReturnType<Mock> {
  const { inputs, urn } = creation;
  const { type, name: logicalName } = creation.declared;
  const name = physicalName(inputs.name ?? inputs.bucket, logicalName, urn);
  const arn = arnOf(creation, name);
  return { id: idIsArn.test(type) ? arn : name, arn, name, ...extraOutputs[type]?.(creation, name) };
}

const idIsArn = /^aws:(secretsmanager\/secret:|sns\/topic:|iam\/policy:|scheduler\/)/;

/** Service and resource prefix of ARNs that differ from `<service>:…:<type>/<name>`. */
const arnForms: Record<string, [service: string, prefix: string]> = {
  "cloudwatch/logGroup": ["logs", "log-group:"],
  "cloudwatch/eventRule": ["events", "rule/"],
  "cloudwatch/metricAlarm": ["cloudwatch", "alarm:"],
  "iam/instanceProfile": ["iam", "instance-profile/"],
  "secretsmanager/secret": ["secretsmanager", "secret:"],
  "sns/topic": ["sns", ""],
};

function arnOf(creation: Creation, name: string): string {
  const kind = creation.declared.type.split(":")[1] ?? "";
  const [service, prefix] = arnForms[kind] ?? [kind.split("/")[0] ?? "", `${kind.split("/")[1]}/`];
  switch (service) {
    case "iam":
      return `arn:aws:iam::${creation.environment.accountId}:${prefix}${name}`;
    case "s3":
      return `arn:aws:s3:::${name}`;
    case "secretsmanager":
      return creation.arn(service, `${prefix}${name}-${creation.hex(6)}`);
    case "ssm":
      return creation.arn(service, `${prefix}${name.replace(/^\//, "")}`);
    default:
      return creation.arn(service, `${prefix}${name}`);
  }
}

const bucket = (_: Creation, name: string) => ({
  bucket: name,
  bucketRegionalDomainName: `${name}.s3.amazonaws.com`,
});

const extraOutputs: Record<string, (creation: Creation, name: string) => PlainObject> = {
  "aws:iam/role:Role": (role) => ({ uniqueId: `AROA${role.hex(16).toUpperCase()}` }),
  "aws:kms/key:Key": (key) => ({ keyId: key.uuid() }),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
};
