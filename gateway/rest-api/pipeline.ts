import { iamAuthorization } from "./authorizers/iam";
import { LambdaAuthorization } from "./authorizers/lambda";
import { TokenAuthorization } from "./authorizers/tokens";
import type { Exchange } from "./exchange";
import { type Handler, run } from "./handler";
import { cache } from "./handlers/cache";
import { compress } from "./handlers/compression";
import { firewall } from "./handlers/firewall";
import { parse } from "./handlers/parse";
import { resourcePolicy } from "./handlers/resource-policy";
import { respond } from "./handlers/respond";
import { type RoutedMethod, route } from "./handlers/route";
import { throttle } from "./handlers/throttle";
import { usagePlan } from "./handlers/usage-plan";
import { validate } from "./handlers/validate";
import { aws } from "./integrations/aws";
import { http } from "./integrations/http";
import { httpProxy } from "./integrations/http-proxy";
import { lambdaProxy } from "./integrations/lambda-proxy";
import { mock } from "./integrations/mock";
import { settingsFor } from "./method-settings";
import type { Integration, LambdaAuthorizer, Method } from "./model";
import { Router } from "./router";
import type { Runtime } from "./runtime";

/** AWS's order. What depends only on the definition is compiled once; handlers a method does not need are omitted. */
export function compilePipeline(runtime: Runtime): Handler {
  const router = new Router<RoutedMethod>();
  const authorize = authorizers(runtime);
  const checkKey = usagePlan(runtime);
  for (const method of runtime.api.methods) {
    const settings = settingsFor(runtime, method);
    const handlers = present([
      resourcePolicy(runtime, method),
      authorize(method),
      method.apiKeyRequired && checkKey,
      throttle(settings),
      validate(method),
      cache(runtime, method, settings, (isBuffered) => integrate(runtime, method, isBuffered)),
    ]);
    router.add(method.path, method.httpMethod, { method, handlers });
  }
  const request = present([parse, firewall(runtime.options.webAcl), route(router)]);
  const response = present([compress(runtime.api), respond]);
  return async (exchange) => {
    await run(request, exchange);
    // HTTP_PROXY streams: then the response has been written already.
    if (exchange.methodResponse) for (const handler of response) await handler(exchange);
  };
}

const present = (handlers: (Handler | undefined | false)[]): Handler[] =>
  handlers.filter((handler): handler is Handler => handler !== undefined && handler !== false);

/** One per authorizer: its cache serves all methods that use it. */
function authorizers(runtime: Runtime): (method: Method) => Handler | undefined {
  const lambdas = new Map<LambdaAuthorizer, LambdaAuthorization>();
  return ({ authorization }) => {
    switch (authorization.type) {
      case "CUSTOM": {
        const { authorizer } = authorization;
        const lambda = lambdas.get(authorizer) ?? new LambdaAuthorization(runtime, authorizer);
        lambdas.set(authorizer, lambda);
        return (exchange) => lambda.authorize(exchange);
      }
      case "COGNITO_USER_POOLS": {
        const tokens = new TokenAuthorization(runtime, authorization.authorizer, authorization.scopes);
        return (exchange) => tokens.authorize(exchange);
      }
      case "AWS_IAM":
        return iamAuthorization(runtime);
      default:
        return undefined;
    }
  };
}

const INTEGRATIONS: Readonly<
  Record<
    Integration["type"],
    (runtime: Runtime, method: Method, isBuffered: boolean) => (exchange: Exchange) => Promise<void>
  >
> = { AWS: aws, AWS_PROXY: lambdaProxy, HTTP: http, HTTP_PROXY: httpProxy, MOCK: mock };

/** @param isBuffered whether the response is kept in memory, for the cache or for compression, instead of streamed */
function integrate(runtime: Runtime, method: Method, isBuffered: boolean): Handler {
  const compile = INTEGRATIONS[method.integration.type];
  return compile(runtime, method, isBuffered || runtime.api.minimumCompressionSize !== undefined);
}
