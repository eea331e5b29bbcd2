import { compilePolicy, type Decision, evaluate } from "../authorizers/policy";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import type { Handler } from "../handler";
import type { Method } from "../model";
import type { Runtime } from "../runtime";

/**
 * The API's resource policy (guide: "How API Gateway resource policies affect authorization workflow"). Without
 * authorization, and with a Lambda or Cognito authorizer, the policy has to allow the request. With IAM either it or the
 * identity policy has to; the IAM authorizer decides that.
 */
export function resourcePolicy(runtime: Runtime, method: Method): Handler | undefined {
  const { policy } = runtime.api;
  if (!policy || method.authorization.type === "AWS_IAM") return undefined;
  const decide = resourcePolicyDecision(runtime);
  return (exchange) => {
    const decision = decide(exchange);
    if (decision !== "allow") throw notAuthorized(exchange, "anonymous", decision);
  };
}

export function resourcePolicyDecision(runtime: Runtime): (exchange: Exchange) => Decision {
  // `execute-api:/stage/METHOD/path` abbreviates the ARN of this API.
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

/** AWS shows only the last four digits of the account. */
export function notAuthorized(exchange: Exchange, user: string, decision: Decision): GatewayError {
  const { runtime } = exchange;
  const resource = runtime
    .methodArn(exchange.method, exchange.path)
    .replace(`:${runtime.accountId}:`, `:********${runtime.accountId.slice(-4)}:`);
  const suffix = decision === "explicit deny" ? " with an explicit deny" : "";
  const message = `User: ${user} is not authorized to perform: execute-api:Invoke on resource: ${resource}${suffix}`;
  return new GatewayError("ACCESS_DENIED", "", { message });
}
