import { ruleFor } from "../rule";
import { isObject, list, strings } from "../values";

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
 * Actions whose statement has to say "*": AWS offers no resource for them ("Resource types: -" in the Service Authorization
 * Reference), or the resource is one that AWS makes later, as the network interfaces of a function in a VPC (AWS's own policy
 * AWSLambdaVPCAccessExecutionRole). Whole words, or a prefix ending in `*`.
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
  "ssmmessages:*",
  "sts:GetCallerIdentity",
  "wafv2:ListWebACLs",
  "xray:GetSampling*",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Whether AWS offers no resource to narrow this action to. */
export function needsAnyResource(action: string): boolean {
  return WITHOUT_RESOURCE.some((known) =>
    known.endsWith("*")
      ? action.toLowerCase().startsWith(known.slice(0, -1).toLowerCase())
      : action.toLowerCase() === known.toLowerCase(),
  );
}

/** `Describe*` and the like read only; anything else ending in `*` grows as AWS adds actions. */
function isWildcardAction(action: string): boolean {
  if (!action.includes("*")) return false;
  return needsAnyResource(action) ? false : !/^[a-z0-9-]+:(Describe|Get|List)[A-Za-z]*\*$/i.test(action);
}

export interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

/** The statements of a policy document given as text or as an object; nothing when it is unreadable (AWS refuses that itself). */
export function statementsOf(policy: unknown): Statement[] {
  let document = policy;
  if (typeof policy === "string") {
    try {
      document = JSON.parse(policy);
    } catch {
      return [];
    }
  }
  return isObject(document) ? list(document.Statement).filter(isObject) : [];
}

/** What is too wide in one statement of an identity policy. */
export function excessOf(statement: Statement): string[] {
  if (statement.Effect !== "Allow") return [];
  const actions = strings(statement.Action);
  const wide = actions.filter(isWildcardAction);
  const anyResource = strings(statement.Resource).some((resource) => resource === "*");
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
      ? [`allows ${narrowable.join(", ")} on every resource; name the ARNs, AWS can narrow these`]
      : []),
  ];
}

export const noWildcardIam = ruleFor([...POLICIES, ROLE], {
  name: "no-wildcard-iam",
  description: "A policy names its actions and resources; * stands only where AWS offers nothing narrower.",
  check: (inputs, { type }) =>
    (type === ROLE ? list(inputs.inlinePolicies).filter(isObject) : [inputs])
      .flatMap(({ policy }) => statementsOf(policy))
      .flatMap(excessOf),
});

const BROAD = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|[A-Za-z0-9]+FullAccess)$/;

export const noBroadManagedPolicy = ruleFor([ROLE, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"], {
  name: "no-broad-managed-policy",
  description: "No role takes an AWS managed policy that grants a whole service or account.",
  check: (inputs) =>
    [...strings(inputs.policyArn), ...strings(inputs.managedPolicyArns)]
      .filter((arn) => BROAD.test(arn))
      .map((arn) => `attaches ${arn}; write the few statements that are needed`),
});

export const namedPrincipal = ruleFor([ROLE], {
  name: "named-principal",
  description: "A role says who may assume it.",
  check: (inputs) =>
    statementsOf(inputs.assumeRolePolicy)
      .filter(({ Effect, Principal, Condition }) => Effect === "Allow" && isAnyone(Principal) && !Condition)
      .map(() => "anyone may assume this role; name the service or account as Principal"),
});

function isAnyone(principal: unknown): boolean {
  if (principal === "*") return true;
  return isObject(principal) && strings(principal.AWS).includes("*");
}

/** Without a source ARN any API of any account could invoke the function (the confused deputy). */
export const scopedInvoke = ruleFor(["aws:lambda/permission:Permission"], {
  name: "scoped-invoke",
  description: "A function says which API, rule or account may invoke it.",
  check(inputs) {
    if (inputs.principal === "*") return ['principal "*" lets anyone invoke the function; name the service'];
    const isService = typeof inputs.principal === "string" && inputs.principal.endsWith(".amazonaws.com");
    // Asked whether it is there, not what it is: during a preview the API's ARN is not known yet.
    const isScoped = ["sourceArn", "sourceAccount", "principalOrgId"].some((key) => key in inputs);
    return isService && !isScoped
      ? [`${inputs.principal} may invoke the function for any account; set sourceArn`]
      : [];
  },
});
