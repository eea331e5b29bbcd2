import { LambdaAuthorization } from "./authorizers/lambda";
import { aws } from "./integrations/aws";
import { http } from "./integrations/http";
import { httpProxy } from "./integrations/http-proxy";
import { lambdaProxy } from "./integrations/lambda-proxy";
import { mock } from "./integrations/mock";
import type { Method } from "./model";
import type { Stage } from "./pipeline";
import type { Runtime } from "./runtime";

/** The stages one method's requests go through, in AWS's order; a stage the definition does not call for is not there. */
export function compileMethod(runtime: Runtime, method: Method): Stage[] {
  return [...authorization(runtime, method), ...integration(runtime, method)];
}

function authorization(runtime: Runtime, method: Method): Stage[] {
  const { authorization } = method;
  switch (authorization.type) {
    case "CUSTOM": {
      const lambda = new LambdaAuthorization(runtime, authorization.authorizer);
      return [(exchange) => lambda.authorize(exchange)];
    }
    default:
      return [];
  }
}

function integration(runtime: Runtime, method: Method): Stage[] {
  switch (method.integration.type) {
    case "HTTP_PROXY":
      return [httpProxy(runtime, method, false)];
    case "AWS_PROXY":
      return [lambdaProxy(runtime, method)];
    case "HTTP":
      return [http(runtime, method)];
    case "AWS":
      return [aws(runtime, method)];
    case "MOCK":
      return [mock(runtime, method)];
    default: {
      const exhausted: never = method.integration.type;
      return exhausted;
    }
  }
}
