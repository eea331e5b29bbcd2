import type { PolicyScope } from "./settings";

/** What the authorizer decided about one request. */
export interface Decision {
  effect: "Allow" | "Deny";
  principalId: string;
  /** Why not, for the client: only on a Deny. */
  hint?: string;
}

/** The answer of a TOKEN authorizer. */
export interface AuthorizerResult {
  principalId: string;
  policyDocument: {
    Version: "2012-10-17";
    Statement: [{ Action: "execute-api:Invoke"; Effect: "Allow" | "Deny"; Resource: string }];
  };
  context?: { key: string; numberKey: 1; boolKey: true };
}

/** Principal of a caller who was not introspected. */
export const anonymous = "default_user|a1b2c3d4";

export function policyOf(decision: Decision, resource: string): AuthorizerResult {
  const result: AuthorizerResult = {
    principalId: decision.principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: decision.effect, Resource: resource }],
    },
  };
  if (decision.hint !== undefined) {
    result.context = { key: cleanHint(decision.hint), numberKey: 1, boolKey: true };
  }
  return result;
}

/** Longest resource AWS accepts in an authorizer's policy; a method's ARN itself may have 1600 bytes. */
const longestResource = 512;

/**
 * The resource a policy names.
 *
 * API Gateway caches the policy by authorizer and token and applies it to the requests it serves from the
 * cache, so with caching on the exact method would refuse the same caller's next route: the policy then
 * covers the API's stage. That gives nothing away, since only the routes of this level ask this authorizer
 * and its decision does not depend on the route.
 *
 * Without caching the policy is used for this one request. A path too long for a policy, or with characters that
 * mean something there (`*`, `?`, `${`), is then covered by its stage too.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @throws when the ARN is not an API method's.
 */
export function resourceOf(methodArn: unknown, scope: PolicyScope): string {
  const stage = typeof methodArn === "string" ? methodArnPattern.exec(methodArn)?.[1] : undefined;
  if (stage === undefined) throw new Error("methodArn is missing or not an API method's ARN");
  const method = methodArn as string;
  const literal = method.length <= longestResource && !/[*?]|\$\{/.test(method);
  return scope === "method" && literal ? method : `${stage}*`;
}

const methodArnPattern = /^(arn:[^:/*?]+:execute-api:[^:/*?]+:[^:/*?]+:[^:/*?]+\/[^/*?]+\/)[A-Z]+(\/|$)/;

/** One line of printable ASCII that stays valid inside the quotes of the gateway response's JSON template. */
export function cleanHint(text: string): string {
  return text
    .replace(/["\\]/g, "'")
    .replace(/[^\x21-\x7e]+/g, " ")
    .trim()
    .slice(0, 300);
}
