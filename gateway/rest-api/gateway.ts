import type { IncomingMessage, ServerResponse } from "node:http";
import { partitionOf } from "../../lib/arn";
import { canaryOf } from "./canary";
import { importDefinition } from "./definition/import";
import { GatewayError } from "./errors";
import { Exchange, type Ingress } from "./exchange";
import type { Handler } from "./handler";
import { gatewayResponse } from "./handlers/gateway-response";
import { respond } from "./handlers/respond";
import { unhandledServices } from "./integrations/aws";
import type { GatewayOptions } from "./options";
import { compilePipeline } from "./pipeline";
import { Runtime } from "./runtime";
import { startNotes } from "./start-notes";

export interface Gateway {
  /** Answers one request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, ingress?: Ingress): Promise<void>;
  /** Closes the connections to backends. */
  close(): Promise<void>;
}

/**
 * Serves one API definition the way API Gateway REST does.
 * @throws ImportError when AWS would refuse the definition
 */
export function createGateway(options: GatewayOptions): Gateway {
  const production = deploy(options);
  const canary = canaryOf(options);
  const canaryDeployment = canary && deploy({ ...options, ...canary });
  const note = options.log ?? console.warn;
  for (const line of startNotes(production.runtime)) note(line);
  return {
    async handle(request, response, ingress = {}) {
      const isCanary = canary !== undefined && Math.random() * 100 < canary.percentTraffic;
      const { runtime, pipeline } = isCanary && canaryDeployment ? canaryDeployment : production;
      const exchange = new Exchange(runtime, request, response, ingress);
      if (canary) exchange.isCanary = isCanary;
      try {
        await pipeline(exchange);
      } catch (thrown) {
        fail(exchange, thrown);
      }
      // The rest of a body that was refused half way would block the next request on the connection.
      if (!request.complete) request.unpipe().resume();
    },
    async close() {
      await Promise.all([production.runtime.close(), canaryDeployment?.runtime.close()]);
    },
  };
}

function deploy(options: GatewayOptions): { runtime: Runtime; pipeline: Handler } {
  const region = options.region ?? "us-east-1";
  const api = importDefinition(options.definition, {
    region,
    accountId: options.accountId ?? "123456789012",
    partition: partitionOf(region),
  });
  const runtime = new Runtime(api, options);
  const unhandled = unhandledServices(runtime, api.methods);
  if (unhandled.length > 0) {
    throw new Error(`${unhandled.join("\n")}\nAdd a handler to \`services\` to serve this definition.`);
  }
  return { runtime, pipeline: compilePipeline(runtime) };
}

function fail(exchange: Exchange, thrown: unknown): void {
  const { response, requestId } = exchange;
  const error =
    thrown instanceof GatewayError
      ? thrown
      : new GatewayError("DEFAULT_5XX", thrown instanceof Error ? thrown.message : String(thrown));
  const { log } = exchange.runtime;
  log(`${requestId} ${exchange.method} ${exchange.fullPath}: ${error.type} ${error.reason || error.text}`);
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  try {
    exchange.methodResponse = gatewayResponse(exchange, error);
    respond(exchange);
  } catch (broken) {
    log(`${requestId} gateway response ${error.type}: ${(broken as Error).message}`);
    response.writeHead(error.status, { "Content-Type": "application/json" });
    response.end('{"message":null}');
  }
}
