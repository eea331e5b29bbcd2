import type { IncomingMessage, ServerResponse } from "node:http";
import { importDefinition } from "./definition/import";
import { GatewayError, InternalServerError } from "./errors";
import { type Arrival, Exchange } from "./exchange";
import { compileMethod } from "./method";
import type { Method } from "./model";
import type { GatewayOptions } from "./options";
import { run, type Stage } from "./pipeline";
import { respond } from "./respond";
import { Router } from "./router";
import { Runtime } from "./runtime";
import { gatewayResponse } from "./stages/gateway-response";
import { parse } from "./stages/parse";
import { route } from "./stages/route";

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
  const region = options.region ?? "us-east-1";
  const api = importDefinition(options.definition, {
    region,
    accountId: options.accountId ?? "123456789012",
    partition: region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws",
  });
  const runtime = new Runtime(api, options);
  const router = new Router<CompiledMethod>();
  for (const method of api.methods) {
    router.add(method.path, method.httpMethod, { method, stages: compileMethod(runtime, method) });
  }
  const stages: Stage[] = [parse, route(router)];
  return {
    async handle(request, response, arrival = {}) {
      const exchange = new Exchange(runtime, request, response, arrival);
      try {
        await run(stages, exchange);
      } catch (thrown) {
        fail(exchange, thrown);
        return;
      }
      if (exchange.answer) {
        try {
          respond(exchange, exchange.answer);
        } catch (error) {
          // A header that HTTP does not allow, for one.
          exchange.answer = undefined;
          fail(exchange, new InternalServerError((error as Error).message, 502));
        }
      }
    },
    close: () => runtime.close(),
  };
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
