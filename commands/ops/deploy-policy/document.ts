import { partitionOf } from "../../../lib/arn";
import { asObject, strings } from "../../../lib/json";
import { compute } from "./compute";
import { edge } from "./edge";
import {
  type Condition,
  type DeployedResource,
  everything,
  type Grant,
  type GrantTable,
  grant,
  named,
} from "./grant";
import { network } from "./network";
import { roleGrants } from "./roles";
import { storage } from "./storage";

/** Every resource type that the deploy role can be written for. */
export const grants: GrantTable = { ...edge, ...network, ...compute, ...storage };

/** Data sources that every stack reads: the zone, the proxies' network interfaces, the account. */
const lookups: Grant[] = [
  grant("ec2", everything, {
    read: `DescribeAvailabilityZones DescribeImages DescribeInstances DescribeNetworkInterfaces DescribeSubnets
      DescribeVpcs`,
  }),
  grant("route53", everything, { read: "ListHostedZones ListTagsForResources" }),
  grant("sts", everything, { read: "GetCallerIdentity" }),
];

export interface DeployOptions {
  region: string;
  account: string;
  /** Id of the hosted zone with the stack's records. Default: any zone; the records are limited by name either way. */
  zoneId?: string;
  readOnly?: boolean;
}

export interface PolicyStatement {
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  Condition?: Condition;
}

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: PolicyStatement[];
}

export interface DeployPolicy {
  /** One managed policy each: together they are what the role needs. */
  documents: PolicyDocument[];
  /** AWS types that the tables have no grant for; a deployment with these policies alone would fail at them. */
  uncovered: string[];
}

/** Characters of a managed policy at most, white space not counted ("IAM and AWS STS quotas"). */
export const MAX_DOCUMENT = 6144;

/**
 * The permissions that an IAM role needs to deploy a stack, or only to preview it, from the resources that the program declares.
 *
 * @param options.readOnly only what `pulumi preview` and `pulumi refresh` call
 */
export function deployPolicy(resources: DeployedResource[], options: DeployOptions): DeployPolicy {
  const deployed = resources.filter(({ type }) => type.startsWith("aws:"));
  const fill = { ...options, stage: stageOf(deployed) };
  const needs = new Map<string, Need>();
  for (const grant of [...lookups, ...roleGrants(deployed), ...recordGrants(deployed)])
    addNeed(needs, grant, "", fill);
  for (const resource of deployed) {
    for (const grant of grants[resource.type] ?? []) addNeed(needs, grant, physicalName(resource), fill);
  }
  const uncovered = deployed.map(({ type }) => type).filter((type) => grants[type] === undefined);
  return {
    documents: pack(merge([...needs.values()].map(statementOf))),
    uncovered: [...new Set(uncovered)].sort(),
  };
}

/** The `stage` tag of the stack's resources; undefined when they have none, or more than one. */
function stageOf(resources: DeployedResource[]): string | undefined {
  const [stage, ...more] = new Set(resources.flatMap(({ inputs }) => strings(asObject(inputs.tags).stage)));
  return more.length > 0 ? undefined : stage;
}

/** Changes to the stack's own DNS records only. Source: Route 53 developer guide, "Using IAM policy conditions". */
function recordGrants(resources: DeployedResource[]): Grant[] {
  const names = resources
    .filter(({ type }) => type === "aws:route53/record:Record")
    // ACM chooses the first label of a validation record.
    .map(({ inputs }) =>
      String(inputs.name)
        .toLowerCase()
        .replace(/\.$/, "")
        .replace(/^_[^.]+\./, "_*."),
    );
  const key = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
  return names.length === 0
    ? []
    : [
        grant("route53", named("arn:aws:route53:::hostedzone/{zone}"), {
          write: "ChangeResourceRecordSets",
          condition: { "ForAllValues:StringLike": { [key]: [...new Set(names)].sort() } },
        }),
      ];
}

interface Need {
  actions: Set<string>;
  resources: Set<string>;
  condition: Condition;
}

/** Grants on the same resources, under the same condition, become one statement. */
function addNeed(
  needs: Map<string, Need>,
  { read, write, on, condition }: Grant,
  name: string,
  { region, account, zoneId = "*", stage, readOnly }: DeployOptions & { stage?: string },
): void {
  const actions = readOnly ? read : [...read, ...write];
  if (actions.length === 0) return;
  const fill = (text: string) =>
    Object.entries({ region, account, name, zone: zoneId, stage: stage ?? "" }).reduce(
      (filled, [key, value]) => filled.replaceAll(`{${key}}`, value),
      text.replace(/^arn:aws:/, `arn:${partitionOf(region)}:`),
    );
  const conditionText = JSON.stringify(condition ?? {});
  const filled = stage === undefined && conditionText.includes("{stage}") ? "{}" : fill(conditionText);
  const key = JSON.stringify([on, filled]);
  const need = needs.get(key) ?? { actions: new Set(), resources: new Set(), condition: JSON.parse(filled) };
  for (const action of actions) need.actions.add(action);
  for (const pattern of on) need.resources.add(fill(pattern));
  needs.set(key, need);
}

function statementOf({ actions, resources, condition }: Need): PolicyStatement {
  return {
    Effect: "Allow",
    Action: [...actions].sort(),
    Resource: [...resources],
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** Statements with the same actions and condition become one. */
export function merge(statements: PolicyStatement[]): PolicyStatement[] {
  const merged = new Map<string, PolicyStatement>();
  for (const statement of statements) {
    const key = JSON.stringify([statement.Action, statement.Condition]);
    const resources = [...(merged.get(key)?.Resource ?? []), ...statement.Resource];
    merged.set(key, { ...statement, Resource: withoutCovered([...new Set(resources)].sort()) });
  }
  return [...merged.values()];
}

/** Drops a pattern that a shorter one ending in `*` already matches. */
function withoutCovered(patterns: string[]): string[] {
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*") && !pattern.slice(0, -1).includes("*"));
  return patterns.filter(
    (pattern) => !prefixes.some((prefix) => prefix !== pattern && pattern.startsWith(prefix.slice(0, -1))),
  );
}

/** The resource's name in AWS or, where Pulumi appends random characters, the prefix of that name. */
export function physicalName({ type, name, inputs }: DeployedResource): string {
  const keys = NAMED_BY[type] ?? ["name", "namePrefix", "bucket", "bucketPrefix", "domainName", "layerName"];
  const given = keys.flatMap((key) => strings(inputs[key])).find((value) => value !== "");
  if (given === undefined) return name;
  // The random characters of a name in a recording are not those that AWS will have.
  return type in NAMED_BY ? given.replace(/-[0-9a-f]{7}$/, "-") : given;
}

/** Types that change another resource: the property that names it. */
const NAMED_BY: Record<string, string[]> = {
  "aws:lambda/alias:Alias": ["functionName"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["functionName"],
  "aws:lambda/permission:Permission": ["function"],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ["functionName"],
  "aws:s3/bucketAcl:BucketAcl": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
};

/** Distributes statements over documents of the size of a managed policy. */
function pack(statements: PolicyStatement[]): PolicyDocument[] {
  const documents: PolicyDocument[] = [];
  let open: PolicyDocument | undefined;
  for (const statement of statements.flatMap(splitStatement)) {
    if (open && sizeOf({ ...open, Statement: [...open.Statement, statement] }) <= MAX_DOCUMENT) {
      open.Statement.push(statement);
    } else {
      open = { Version: "2012-10-17", Statement: [statement] };
      documents.push(open);
    }
  }
  return documents;
}

const sizeOf = (document: PolicyDocument) => JSON.stringify(document).length;

/** Halves the resources of a statement that is too large for any document until it fits. */
function splitStatement(statement: PolicyStatement): PolicyStatement[] {
  const { Resource } = statement;
  if (sizeOf({ Version: "2012-10-17", Statement: [statement] }) <= MAX_DOCUMENT || Resource.length < 2) {
    return [statement];
  }
  const middle = Math.ceil(Resource.length / 2);
  return [Resource.slice(0, middle), Resource.slice(middle)].flatMap((part) =>
    splitStatement({ ...statement, Resource: part }),
  );
}
