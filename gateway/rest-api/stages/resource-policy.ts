import { compilePolicy, type Decision, evaluate } from "../authorizers/policy";
import { AccessDenied } from "../errors";
import type { Exchange } from "../exchange";
import type { Method } from "../model";
import type { Stage } from "../pipeline";
import type { Runtime } from "../runtime";

/**
 * The API's resource policy (guide: "How API Gateway resource policies affect authorization workflow"). Without
 * authorization, and with a Lambda or Cognito authorizer, the policy has to allow. With IAM either it or the identity
 * policy has to; that case is decided by the IAM authorization.
 */
export function resourcePolicy(runtime: Runtime, method: Method): Stage | undefined {
  const { policy } = runtime.api;
  if (!policy || method.authorization.type === "AWS_IAM") return undefined;
  const decide = resourcePolicyDecision(runtime);
  return (exchange) => {
    const decision = decide(exchange);
    if (decision !== "allow") throw notAuthorized(exchange, "anonymous", decision);
  };
}

export function resourcePolicyDecision(runtime: Runtime): (exchange: Exchange) => Decision {
  // `execute-api:/stage/METHOD/path` stands for the ARN of this API.
  const statements = compilePolicy(runtime.api.policy, (resource) =>
    resource.startsWith("execute-api:")
      ? `${runtime.apiArn}${resource.slice("execute-api:".length)}`
      : resource,
  );
  return (exchange) =>
    evaluate(statements, {
      action: "execute-api:Invoke",
      resource: runtime.methodArn(exchange.method, exchange.path),
      conditions: {
        "aws:sourceip": exchange.sourceIp,
        "aws:useragent": exchange.header("user-agent"),
        "aws:referer": exchange.header("referer"),
        "aws:securetransport": "true",
        "aws:currenttime": new Date(exchange.startedAt).toISOString(),
      },
    });
}

/** The account of the resource is shown by its last four digits only. */
export function notAuthorized(exchange: Exchange, user: string, decision: Decision): AccessDenied {
  const { runtime } = exchange;
  const resource = runtime
    .methodArn(exchange.method, exchange.path)
    .replace(`:${runtime.accountId}:`, `:********${runtime.accountId.slice(-4)}:`);
  const suffix = decision === "explicit deny" ? " with an explicit deny" : "";
  return new AccessDenied(
    `User: ${user} is not authorized to perform: execute-api:Invoke on resource: ${resource}${suffix}`,
  );
}
