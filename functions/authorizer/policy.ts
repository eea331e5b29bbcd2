import type { PolicyScope } from "./settings";

/** What the authorizer decided about one request. */
export interface Decision {
  effect: "Allow" | "Deny";
  principalId: string;
  /** Why not, for the client: only on a Deny. */
  hint?: string;
}

/** The output of a TOKEN authorizer. */
export interface AuthorizerResult {
  principalId: string;
  policyDocument: {
    Version: "2012-10-17";
    Statement: [{ Action: "execute-api:Invoke"; Effect: "Allow" | "Deny"; Resource: string }];
  };
  context?: { key: string; numberKey: 1; boolKey: true };
}

/** Principal of a caller whom the identity provider was not asked about. */
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

/** Longest resource that AWS accepts in an authorizer's policy; a method's ARN may have 1600 bytes. */
const longestResource = 512;

/**
 * The resource of a policy.
 *
 * API Gateway caches a policy by authorizer and token and applies it to later requests. With caching on, a policy
 * for the exact method would refuse the same caller's next route, so it covers the API's stage. That grants no other
 * level: only routes of this level use this authorizer, and its decision does not depend on the route.
 *
 * Without caching a policy applies to one request. It covers the stage too where a path is too long for a policy or
 * has characters that are special in one (`*`, `?`, `${`).
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @throws when the ARN is not that of an API method.
 */
export function resourceOf(methodArn: unknown, scope: PolicyScope): string {
  const stage = typeof methodArn === "string" ? methodArnPattern.exec(methodArn)?.[1] : undefined;
  if (stage === undefined) throw new Error("methodArn is missing or not an API method's ARN");
  const method = methodArn as string;
  const literal = method.length <= longestResource && !/[*?]|\$\{/.test(method);
  return scope === "method" && literal ? method : `${stage}*`;
}

/** The raw path of a method's ARN, `arn:…:api/stage/METHOD/path`. */
export function pathOf(methodArn: unknown): string {
  return `/${String(methodArn).split("/").slice(3).join("/")}`;
}

const methodArnPattern = /^(arn:[^:/*?]+:execute-api:[^:/*?]+:[^:/*?]+:[^:/*?]+\/[^/*?]+\/)[A-Z]+(\/|$)/;

/** One line of printable ASCII that is valid between the quotes of the gateway response's JSON template. */
export function cleanHint(text: string): string {
  return text
    .replace(/["\\]/g, "'")
    .replace(/[^\x21-\x7e]+/g, " ")
    .trim()
    .slice(0, 300);
}
