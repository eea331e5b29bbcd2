import type { IncomingMessage, ServerResponse } from "node:http";
import { compressAnswer } from "./compression";
import { importDefinition } from "./definition/import";
import { GatewayError, InternalServerError } from "./errors";
import { type Arrival, Exchange } from "./exchange";
import { unhandledServices } from "./integrations/aws";
import { compileMethod, type Shared } from "./method";
import type { Method } from "./model";
import type { GatewayOptions } from "./options";
import { run, type Stage } from "./pipeline";
import { respond } from "./respond";
import { Router } from "./router";
import { partitionOf, Runtime } from "./runtime";
import { gatewayResponse } from "./stages/gateway-response";
import { parse } from "./stages/parse";
import { route } from "./stages/route";
import { unsupportedRules, waf } from "./stages/waf";
import { knownKeys } from "./usage";

export interface Gateway {
  /** Answers one request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, arrival?: Arrival): Promise<void>;
  /** Ends the connections to backends. */
  close(): Promise<void>;
}

/** A method with the stages its definition calls for, compiled at load. */
export interface CompiledMethod {
  method: Method;
  stages: Stage[];
}

/**
 * Serves one API definition the way API Gateway REST does.
 * @throws ImportError when AWS would refuse the definition.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const production = load(options, options.definition, options.stageVariables);
  const canary = loadCanary(options);
  const note = options.log ?? console.warn;
  for (const line of startNotes(options, production)) note(line);
  return {
    async handle(request, response, arrival = {}) {
      const isCanary = canary && Math.random() * 100 < canary.percentTraffic;
      const served = isCanary ? canary : production;
      const exchange = new Exchange(served.runtime, request, response, arrival);
      if (canary) exchange.isCanary = isCanary;
      try {
        await run(served.stages, exchange);
      } catch (thrown) {
        fail(exchange, thrown);
        return;
      }
      if (exchange.answer) {
        try {
          compressAnswer(exchange);
          respond(exchange, exchange.answer);
        } catch (error) {
          // A header that HTTP does not allow, for one.
          exchange.answer = undefined;
          fail(exchange, new InternalServerError((error as Error).message, 502));
        }
      }
    },
    async close() {
      await Promise.all([production.runtime.close(), canary?.runtime.close()]);
    },
  };
}

/** A definition as it is deployed to the stage. */
interface Deployment {
  runtime: Runtime;
  stages: Stage[];
}

function load(
  options: GatewayOptions,
  definition: unknown,
  stageVariables: Record<string, string> | undefined,
): Deployment {
  const region = options.region ?? "us-east-1";
  const api = importDefinition(definition, {
    region,
    accountId: options.accountId ?? "123456789012",
    partition: partitionOf(region),
  });
  const runtime = new Runtime(api, { ...options, stageVariables });
  const unhandled = unhandledServices(runtime, api.methods);
  if (unhandled.length > 0) {
    throw new Error(`${unhandled.join("\n")}\nGive \`services\` a handler for it to serve this definition.`);
  }
  const router = new Router<CompiledMethod>();
  const shared: Shared = { keys: knownKeys(options.apiKeys ?? []), authorizers: new Map() };
  for (const method of api.methods) {
    router.add(method.path, method.httpMethod, { method, stages: compileMethod(runtime, method, shared) });
  }
  const stages = [parse, options.webAcl && waf(options.webAcl), route(router)];
  return { runtime, stages: stages.filter((stage) => stage !== undefined) };
}

/** A canary has its own stage variables on top of the stage's, and its own deployment when one is given. */
function loadCanary(options: GatewayOptions): (Deployment & { percentTraffic: number }) | undefined {
  const settings = options.stageSettings?.canarySettings;
  if (!settings) return undefined;
  const deployment = load(options, settings.definition ?? options.definition, {
    ...options.stageVariables,
    ...settings.stageVariableOverrides,
  });
  return { ...deployment, percentTraffic: settings.percentTraffic };
}

/** What is served, but not as AWS would: named at start instead of passed silently. */
function startNotes(options: GatewayOptions, { runtime }: Deployment): string[] {
  const missing = runtime.api.methods.flatMap(({ authorization, path, httpMethod }) =>
    authorization.type === "COGNITO_USER_POOLS" && !options.keySets
      ? [
          `${httpMethod} ${path}: no key set is configured for the authorizer ${authorization.authorizer.name}`,
        ]
      : [],
  );
  const ignored = runtime.api.methods.flatMap((method) =>
    method.ignored.map(
      (scheme) =>
        `${method.httpMethod} ${method.path}: the security scheme ${scheme} has no authorizer, AWS does not enforce it`,
    ),
  );
  return [
    ...ignored,
    ...runtime.api.refusedByAws.map((line) => `AWS would refuse this definition: ${line}`),
    ...(options.webAcl
      ? unsupportedRules(options.webAcl).map((rule) => `not evaluated locally: ${rule}`)
      : []),
    ...missing,
  ];
}

function fail(exchange: Exchange, thrown: unknown): void {
  const error =
    thrown instanceof GatewayError
      ? thrown
      : new InternalServerError(thrown instanceof Error ? thrown.message : String(thrown));
  exchange.runtime.log(
    `${exchange.requestId} ${exchange.method} ${exchange.fullPath}: ${error.type} ${error.reason || error.text}`,
  );
  if (exchange.response.destroyed) return;
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  try {
    respond(exchange, gatewayResponse(exchange, error));
  } catch (broken) {
    exchange.runtime.log(
      `${exchange.requestId} gateway response ${error.type}: ${(broken as Error).message}`,
    );
    exchange.response.writeHead(error.status, { "Content-Type": "application/json" });
    exchange.response.end('{"message":null}');
  }
}
