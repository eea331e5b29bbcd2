import { parseArn } from "../../lib/arn";
import { wildcard } from "../../lib/iam";
import { isObject, strings, toList } from "../../lib/json";
import { ruleFor } from "../rule";

const ROLE = "aws:iam/role:Role";
const POLICIES = ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"];

/** What AWS checks when a service is configured to deliver logs ("Enable logging from AWS services"). */
export const LOG_DELIVERY_ACTIONS = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/**
 * Actions that require the resource "*": they have no resource types ("-" in the Service Authorization Reference), or AWS
 * creates the resource later, as it does the network interfaces of a function in a VPC (AWS's policy
 * AWSLambdaVPCAccessExecutionRole).
 */
const WITHOUT_RESOURCE = [
  "acm:ListCertificates",
  "autoscaling:Describe*",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:Describe*",
  "ec2:UnassignPrivateIpAddresses",
  "ec2messages:*",
  "ecr:GetAuthorizationToken",
  "elasticloadbalancing:Describe*",
  ...LOG_DELIVERY_ACTIONS,
  "s3:ListAllMyBuckets",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:*",
  "sts:GetCallerIdentity",
  "wafv2:ListWebACLs",
  "xray:GetSampling*",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Whether AWS cannot restrict this action to a resource. */
export function needsAnyResource(action: string): boolean {
  return WITHOUT_RESOURCE.some((known) => wildcard(known.toLowerCase())(action.toLowerCase()));
}

/** `Describe*` and the like only read; any other wildcard matches more as AWS adds actions. */
function isWildcardAction(action: string): boolean {
  if (!/[*?]/.test(action)) return false;
  return needsAnyResource(action) ? false : !/^[a-z0-9-]+:(Describe|Get|List)[A-Za-z]*\*$/i.test(action);
}

/** `*`, and ARNs that name no resource: `arn:aws:secretsmanager:*:*:*`, `arn:aws:iam::*:role/*`. */
function isAnyResource(resource: string): boolean {
  const arn = parseArn(resource);
  const name = arn?.resource ?? resource;
  // An S3 ARN has no type: its first part is the bucket.
  return /^[*?:/]+$/.test(arn?.service === "s3" ? name : name.replace(/^[a-z-]+[:/]/, ""));
}

export interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Condition?: unknown;
}

/** The statements of a policy document, as text or an object; none when it is not valid JSON, which AWS refuses. */
export function statementsOf(policy: unknown): Statement[] {
  let document = policy;
  if (typeof policy === "string") {
    try {
      document = JSON.parse(policy);
    } catch {
      return [];
    }
  }
  return isObject(document) ? toList(document.Statement).filter(isObject) : [];
}

/** What one statement of an identity policy allows beyond need. */
export function excessOf(statement: Statement): string[] {
  if (statement.Effect !== "Allow") return [];
  const actions = strings(statement.Action);
  const wide = actions.filter(isWildcardAction);
  const anyResource = strings(statement.Resource).some(isAnyResource);
  const narrowable = anyResource
    ? actions.filter((action) => !needsAnyResource(action) && !wide.includes(action))
    : [];
  return [
    ...(statement.NotAction !== undefined
      ? ["allows everything but NotAction; list the actions that are needed"]
      : []),
    ...(statement.NotResource !== undefined
      ? ["allows everything but NotResource; list the resources that are needed"]
      : []),
    ...wide.map((action) => `allows ${action}; name the actions that are needed`),
    ...(narrowable.length > 0
      ? [`allows ${narrowable.join(", ")} on every resource; name the ARNs, since AWS can restrict these`]
      : []),
  ];
}

export const noWildcardIam = ruleFor([...POLICIES, ROLE], {
  name: "no-wildcard-iam",
  description: "A policy names its actions and resources, with * only where AWS supports nothing narrower.",
  check: (inputs, { type }) =>
    (type === ROLE ? toList(inputs.inlinePolicies).filter(isObject) : [inputs])
      .flatMap(({ policy }) => statementsOf(policy))
      .flatMap(excessOf),
});

const BROAD = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|[A-Za-z0-9]+FullAccess)$/;

export const noBroadManagedPolicy = ruleFor([ROLE, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"], {
  name: "no-broad-managed-policy",
  description: "No role has an AWS managed policy for a whole service or account.",
  check: (inputs) =>
    [...strings(inputs.policyArn), ...strings(inputs.managedPolicyArns)]
      .filter((arn) => BROAD.test(arn))
      .map((arn) => `attaches ${arn}; write the statements that are needed`),
});
