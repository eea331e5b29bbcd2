import { isObject, strings } from "../../lib/json";
import { ruleFor } from "../rule";
import { type Statement, statementsOf } from "./iam";

/** Condition keys that restrict who the caller is. Source: IAM user guide, "AWS global condition context keys". */
const IDENTIFYING =
  /^(aws:(Principal(OrgID|OrgPaths|Account|Arn)|Source(Account|Arn|OrgID|OrgPaths|Vpc|Vpce|VpcArn))|sts:ExternalId|.*:sub)$/i;

/** Why a statement allows principals outside the stack's account; none when a condition restricts them. */
function outsiders({ Effect, Principal, NotPrincipal, Condition }: Statement): string[] {
  if (Effect !== "Allow") return [];
  if (NotPrincipal !== undefined) return ["allows everyone but NotPrincipal; name the Principal"];
  const keys = Object.values(isObject(Condition) ? Condition : {}).flatMap((test) => Object.keys(test ?? {}));
  if (keys.some((key) => IDENTIFYING.test(key))) return [];
  const { AWS, Federated } = isObject(Principal) ? Principal : { AWS: Principal };
  return [
    ...strings(AWS).map((principal) =>
      principal === "*"
        ? "allows anyone; name the service or account as Principal, or add a condition on aws:PrincipalOrgID"
        : `allows ${principal}; add a condition that identifies the caller, such as aws:PrincipalOrgID or sts:ExternalId`,
    ),
    ...strings(Federated).map(
      (provider) => `allows every identity of ${provider}; add a condition on its claim sub`,
    ),
  ];
}

export const namedPrincipal = ruleFor(["aws:iam/role:Role"], {
  name: "named-principal",
  description: "A role names who may assume it, and identifies callers of other accounts.",
  check: (inputs) => statementsOf(inputs.assumeRolePolicy).flatMap(outsiders),
});

const RESOURCE_POLICIES = [
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
];

export const closedResourcePolicy = ruleFor(RESOURCE_POLICIES, {
  name: "closed-resource-policy",
  description:
    "The policy of a bucket, secret, topic or queue allows no unidentified callers of other accounts.",
  check: (inputs) => statementsOf(inputs.policy).flatMap(outsiders),
});

/** Without a source ARN any API of any account could invoke the function (confused deputy). */
export const scopedInvoke = ruleFor(["aws:lambda/permission:Permission"], {
  name: "scoped-invoke",
  description:
    "A function names the API or rule that may invoke it, and identifies callers of other accounts.",
  check(inputs) {
    const { principal } = inputs;
    if (principal === "*") return ['principal "*" lets anyone invoke the function; name the service'];
    // Only presence is checked: during a preview the API's ARN is unknown.
    const has = (...keys: string[]) => keys.some((key) => key in inputs);
    if (typeof principal !== "string" || has("principalOrgId")) return [];
    if (!/\.amazonaws\.com(\.cn)?$/.test(principal))
      return [
        `${principal} may invoke the function; set principalOrgId to identify callers of other accounts`,
      ];
    return has("sourceArn", "sourceAccount")
      ? []
      : [`${principal} may invoke the function for any account; set sourceArn`];
  },
});

export const authorizedFunctionUrl = ruleFor(["aws:lambda/functionUrl:FunctionUrl"], {
  name: "authorized-function-url",
  description: "A function URL requires IAM authorization; it bypasses the gateway.",
  check: ({ authorizationType }) =>
    authorizationType === "AWS_IAM"
      ? []
      : ["anyone can call this function URL without the gateway and its authorizers; set AWS_IAM"],
});
