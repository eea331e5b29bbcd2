import { compute } from "./compute";
import { edge } from "./edge";
import { type Condition, everything, type Grant, type GrantTable, grant } from "./grant";
import { network } from "./network";
import { storage } from "./storage";

/** Every resource type that a deploying role can be written for. */
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

export interface DeployedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
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
export function deployPolicy(
  resources: DeployedResource[],
  options: { region: string; account: string; readOnly?: boolean },
): DeployPolicy {
  const deployed = resources.filter(({ type }) => type.startsWith("aws:"));
  const needs = new Map<string, Need>();
  for (const lookup of lookups) addNeed(needs, lookup, "", options);
  for (const resource of deployed) {
    for (const grant of grants[resource.type] ?? []) {
      addNeed(needs, grant, physicalName(resource), options);
    }
  }
  const uncovered = deployed.map(({ type }) => type).filter((type) => grants[type] === undefined);
  return {
    documents: pack([...needs.values()].map(statementOf)),
    uncovered: [...new Set(uncovered)].sort(),
  };
}

interface Need {
  actions: Set<string>;
  resources: Set<string>;
  condition?: Condition;
}

/** Grants on the same resources become one statement. */
function addNeed(
  needs: Map<string, Need>,
  grant: Grant,
  name: string,
  { region, account, readOnly }: { region: string; account: string; readOnly?: boolean },
): void {
  const actions = [...grant.read, ...(readOnly ? [] : grant.write)];
  if (actions.length === 0) return;
  const { on, condition } = grant;
  const key = JSON.stringify([on, condition]);
  const need: Need = needs.get(key) ?? { actions: new Set(), resources: new Set(), condition };
  for (const action of actions) need.actions.add(action);
  for (const pattern of on) {
    need.resources.add(
      pattern.replaceAll("{region}", region).replaceAll("{account}", account).replaceAll("{name}", name),
    );
  }
  needs.set(key, need);
}

function statementOf({ actions, resources, condition }: Need): PolicyStatement {
  return {
    Effect: "Allow",
    Action: [...actions].sort(),
    Resource: withoutCovered([...resources].sort()),
    ...(condition && { Condition: condition }),
  };
}

/** Drops a pattern that a shorter one ending in `*` already matches. */
function withoutCovered(patterns: string[]): string[] {
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*") && !pattern.slice(0, -1).includes("*"));
  return patterns.filter(
    (pattern) => !prefixes.some((prefix) => prefix !== pattern && pattern.startsWith(prefix.slice(0, -1))),
  );
}

/** The resource's name in AWS or, where the provider appends random characters, the prefix of that name. */
export function physicalName({ type, name, inputs }: DeployedResource): string {
  const keys = NAMED_BY[type] ?? ["name", "namePrefix", "bucket", "bucketPrefix", "domainName", "layerName"];
  const given = keys.map((key) => inputs[key]).find((value) => typeof value === "string" && value !== "");
  return (given as string | undefined) ?? name;
}

/** Types that change another resource: the property that names it. */
const NAMED_BY: Record<string, string[]> = {
  "aws:iam/rolePolicy:RolePolicy": ["role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role"],
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
