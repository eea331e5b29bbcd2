import { IamAuthorization } from "./authorizers/iam";
import { LambdaAuthorization } from "./authorizers/lambda";
import { TokenAuthorization } from "./authorizers/tokens";
import { aws } from "./integrations/aws";
import { http } from "./integrations/http";
import { httpProxy } from "./integrations/http-proxy";
import { lambdaProxy } from "./integrations/lambda-proxy";
import { mock } from "./integrations/mock";
import type { LambdaAuthorizer, Method } from "./model";
import type { Stage } from "./pipeline";
import type { Runtime } from "./runtime";
import { apiKey } from "./stages/api-key";
import { cache, isCached } from "./stages/cache";
import { resourcePolicy } from "./stages/resource-policy";
import { throttle } from "./stages/throttle";
import { validate } from "./stages/validate";
import { type KnownKey, settingsFor } from "./usage";

/** What the methods of one stage share. */
export interface Shared {
  keys: ReadonlyMap<string, KnownKey>;
  /** One per authorizer: its cache serves all methods that use it. */
  authorizers: Map<LambdaAuthorizer, LambdaAuthorization>;
}

/** The stages one method's requests go through, in AWS's order; a stage the definition does not call for is not there. */
export function compileMethod(runtime: Runtime, method: Method, shared: Shared): Stage[] {
  const settings = settingsFor(runtime, method);
  const cached = isCached(method, settings, runtime.options.stageSettings?.cacheClusterEnabled ?? false);
  const buffered = cached || runtime.api.minimumCompressionSize !== undefined;
  const integrate = integration(runtime, method, buffered);
  const stages = [
    resourcePolicy(runtime, method),
    authorization(runtime, method, shared),
    method.apiKeyRequired ? apiKey(runtime, shared.keys) : undefined,
    throttle(settings),
    validate(method),
    cached ? cache(method, settings, integrate) : integrate,
  ];
  return stages.filter((stage) => stage !== undefined);
}

function authorization(runtime: Runtime, method: Method, shared: Shared): Stage | undefined {
  const { authorization } = method;
  switch (authorization.type) {
    case "NONE":
      return undefined;
    case "CUSTOM": {
      const { authorizer } = authorization;
      const lambda = shared.authorizers.get(authorizer) ?? new LambdaAuthorization(runtime, authorizer);
      shared.authorizers.set(authorizer, lambda);
      return (exchange) => lambda.authorize(exchange);
    }
    case "COGNITO_USER_POOLS": {
      const tokens = new TokenAuthorization(runtime, authorization.authorizer, authorization.scopes);
      return (exchange) => tokens.authorize(exchange);
    }
    case "AWS_IAM": {
      const iam = new IamAuthorization(runtime);
      return (exchange) => iam.authorize(exchange);
    }
    default: {
      const exhausted: never = authorization;
      return exhausted;
    }
  }
}

function integration(runtime: Runtime, method: Method, buffered: boolean): Stage {
  switch (method.integration.type) {
    case "HTTP_PROXY":
      return httpProxy(runtime, method, buffered);
    case "AWS_PROXY":
      return lambdaProxy(runtime, method);
    case "HTTP":
      return http(runtime, method);
    case "AWS":
      return aws(runtime, method);
    case "MOCK":
      return mock(runtime, method);
    default: {
      const exhausted: never = method.integration.type;
      return exhausted;
    }
  }
}
