import { withTimeout } from "../../../lib/timeout";
import { GatewayError, lambdaFailure } from "../errors";
import type { Exchange, IntegrationResponse } from "../exchange";
import { treatmentOf } from "../headers";
import { findFunction, functionError } from "../lambda";
import type { MappedParameters } from "../mapping/parameters";
import { substituteStageVariables } from "../mapping/stage-variables";
import type { Method } from "../model";
import type { ServiceHandler } from "../options";
import type { Runtime } from "../runtime";
import { compileIntegrationRequest, type MappedRequest } from "./integration-request";
import { compileIntegrationResponse } from "./integration-response";

const SERVICE = /^arn:[^:]+:apigateway:([^:]*):([^:]*):(path|action)\/(.*)$/s;

/** Whether an integration's uri invokes a Lambda function. */
export const isLambda = (uri: string): boolean => /:lambda:path\//.test(uri);

/** AWS: a Lambda function with mapping templates, or another service served by a handler in `services`. */
export function aws(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const toRequest = compileIntegrationRequest(runtime, method);
  const toResponse = compileIntegrationResponse(runtime, method);
  const call = isLambda(method.integration.uri) ? lambdaCall(runtime, method) : serviceCall(runtime, method);
  return async (exchange) => {
    const request = await toRequest(exchange);
    checkMappedHeaders(request.parameters);
    const { result, selector } = await withTimeout(
      method.integration.timeoutMs,
      () => call(exchange, request),
      () => new GatewayError("INTEGRATION_TIMEOUT"),
    );
    toResponse(exchange, result, selector);
  };
}

/** @throws GatewayError for a header that must not be mapped (recorded: TestApiGatewayHeaderRemapping[AWS]) */
export function checkMappedHeaders({ header }: MappedParameters): void {
  for (const name of Object.keys(header)) {
    const { mappedAws } = treatmentOf(name);
    if (mappedAws === "illegal") throw new GatewayError("DEFAULT_5XX", `${name} header already present`);
    if (mappedAws === "drop") delete header[name];
  }
}

type Call = (
  exchange: Exchange,
  request: MappedRequest,
) => Promise<{ result: IntegrationResponse; selector: string }>;

const HEADERS = ["Content-Type", "application/json"];

function lambdaCall(runtime: Runtime, method: Method): Call {
  return async (exchange, { parameters, body }) => {
    const handler = findFunction(runtime, method.integration.uri, exchange.stageVariables);
    if (!handler || (method.integration.httpMethod ?? exchange.method) !== "POST") {
      throw lambdaFailure("Invalid permissions on Lambda function");
    }
    const event = parseEvent(body);
    // "Set up asynchronous invocation of the backend Lambda function": the response is 202 without a body.
    if (headerOf(parameters, "x-amz-invocation-type") === "Event") {
      void handler(event).catch((error) =>
        runtime.log(`asynchronous invocation failed: ${functionError(error).errorMessage}`),
      );
      return { result: { status: 202, headers: HEADERS, body: Buffer.alloc(0) }, selector: "" };
    }
    let payload: unknown;
    let failed = false;
    try {
      payload = await handler(event);
    } catch (thrown) {
      failed = true;
      payload = functionError(thrown);
    }
    const text = JSON.stringify(payload === undefined ? null : payload);
    return {
      result: {
        status: 200,
        headers: failed ? [...HEADERS, "X-Amz-Function-Error", "Unhandled"] : [...HEADERS],
        body: Buffer.from(text),
      },
      selector: errorMessage(payload),
    };
  };
}

/** Patterns match `errorMessage`, not a status (recorded: test_lambda_selection_patterns). */
function errorMessage(payload: unknown): string {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return "";
  const message = (payload as { errorMessage?: unknown }).errorMessage;
  return typeof message === "string" ? message : "";
}

/** Lambda itself refuses a payload that is not JSON. */
function parseEvent(body: Buffer): unknown {
  const text = body.toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError("DEFAULT_5XX", "Could not parse request body into json");
  }
}

const headerOf = (parameters: MappedParameters, lowerName: string): string | undefined =>
  Object.entries(parameters.header).find(([name]) => name.toLowerCase() === lowerName)?.[1];

function serviceCall(runtime: Runtime, method: Method): Call {
  return async (exchange, { parameters, body }) => {
    const uri = substituteStageVariables(method.integration.uri, exchange.stageVariables).replace(
      /\{([^{}]+)\}/g,
      (braces, name: string) => parameters.path[name] ?? braces,
    );
    const [, region, service, kind, rest] = SERVICE.exec(uri) as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    const handler = serviceHandler(runtime, service);
    if (!handler) throw new GatewayError("DEFAULT_5XX", `no handler for the AWS service ${service}`);
    const response = await handler({
      service,
      region,
      ...(kind === "action" ? { action: rest } : { path: rest }),
      method: method.integration.httpMethod ?? exchange.method,
      query: parameters.querystring,
      headers: parameters.header,
      body,
    });
    const status = response.statusCode ?? 200;
    return {
      result: {
        status,
        headers: Object.entries(response.headers ?? { "Content-Type": "application/json" }).flat(),
        body: Buffer.isBuffer(response.body) ? response.body : Buffer.from(response.body ?? ""),
      },
      selector: String(status),
    };
  };
}

function serviceHandler(
  { options: { services = {} } }: Runtime,
  service: string,
): ServiceHandler | undefined {
  return Object.hasOwn(services, service) ? services[service] : undefined;
}

/** Services called by AWS integrations that have no handler: a reason not to start. */
export function unhandledServices(runtime: Runtime, methods: readonly Method[]): string[] {
  return methods.flatMap(({ integration, httpMethod, path }) => {
    if (integration.type !== "AWS" && integration.type !== "AWS_PROXY") return [];
    if (isLambda(integration.uri)) return [];
    const service = SERVICE.exec(integration.uri)?.[2] ?? "";
    if (integration.type === "AWS" && serviceHandler(runtime, service)) return [];
    return [
      `${httpMethod} ${path} integrates with the AWS service "${service}", which cannot be served locally`,
    ];
  });
}
