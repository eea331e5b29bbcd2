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

/**
 * The resource a policy names.
 *
 * API Gateway caches the policy by authorizer and token and evaluates it again for each request it serves from
 * the cache, so with caching on the exact method would refuse the same caller's next route: the policy then
 * covers the API's stage. That gives nothing away, since only the routes of this level ask this authorizer
 * and its decision does not depend on the route.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @throws when the ARN is not an API method's.
 */
export function resourceOf(methodArn: unknown, scope: PolicyScope): string {
  const parts =
    typeof methodArn === "string"
      ? /^(arn:[^:/*?]+:execute-api:[^:/*?]+:[^:/*?]+:[^:/*?]+\/[^/*?]+\/)[A-Z]+(\/|$)/.exec(methodArn)
      : null;
  if (parts === null) throw new Error("methodArn is missing or not an API method's ARN");
  return scope === "stage" ? `${parts[1]}*` : (methodArn as string);
}

/** One line of printable ASCII that stays valid inside the quotes of the gateway response's JSON template. */
export function cleanHint(text: string): string {
  return text
    .replace(/["\\]/g, "'")
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, 200);
}
