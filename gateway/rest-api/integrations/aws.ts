import { withTimeout } from "../../../lib/timeout";
import { IntegrationFailure, IntegrationTimeout, InternalServerError } from "../errors";
import type { Exchange, IntegrationResult } from "../exchange";
import { DROPPED_AFTER_MAPPING_AWS, ILLEGAL_MAPPED_AWS } from "../headers";
import { findFunction, functionError } from "../lambda";
import type { MappedParameters } from "../mapping/parameters";
import { substituteStageVariables } from "../mapping/stage-variables";
import type { Method } from "../model";
import type { Runtime } from "../runtime";
import { compileIntegrationRequest, type MappedRequest } from "../stages/integration-request";
import { compileIntegrationResponse } from "../stages/integration-response";

const SERVICE = /^arn:[^:]+:apigateway:([^:]*):([^:]*):(path|action)\/(.*)$/s;

/** Whether an integration's uri invokes a Lambda function. */
export const isLambda = (uri: string): boolean => /:lambda:path\//.test(uri);

/** AWS: a Lambda function with mapping templates, or a service that a handler stands in for. */
export function aws(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const toRequest = compileIntegrationRequest(runtime, method);
  const toResponse = compileIntegrationResponse(runtime, method);
  const call = isLambda(method.integration.uri) ? lambdaCall(runtime, method) : serviceCall(runtime, method);
  return async (exchange) => {
    const request = await toRequest(exchange);
    checkHeaders(request.parameters);
    const { result, selector } = await withTimeout(
      method.integration.timeoutMs,
      () => call(exchange, request),
      () => new IntegrationTimeout(),
    );
    toResponse(exchange, result, selector);
  };
}

/** Recorded: TestApiGatewayHeaderRemapping[AWS], the authorization, connection, … cases. */
function checkHeaders({ header }: MappedParameters): void {
  for (const name of Object.keys(header)) {
    const lower = name.toLowerCase();
    if (ILLEGAL_MAPPED_AWS.has(lower)) throw new InternalServerError(`${name} header already present`);
    if (DROPPED_AFTER_MAPPING_AWS.has(lower)) delete header[name];
  }
}

type Call = (
  exchange: Exchange,
  request: MappedRequest,
) => Promise<{ result: IntegrationResult; selector: string }>;

const HEADERS = ["Content-Type", "application/json"];

function lambdaCall(runtime: Runtime, method: Method): Call {
  return async (exchange, { parameters, body }) => {
    const handler = findFunction(runtime, method.integration.uri, exchange.stageVariables);
    if (!handler || (method.integration.httpMethod ?? exchange.method) !== "POST") {
      throw new IntegrationFailure("Invalid permissions on Lambda function", "Internal server error", 500);
    }
    const event = parseEvent(body);
    // "Set up asynchronous invocation of the backend Lambda function": the answer is 202 without a body.
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

/** The pattern is held against `errorMessage` (recorded: test_lambda_selection_patterns), never against a status. */
function errorMessage(payload: unknown): string {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return "";
  const message = (payload as { errorMessage?: unknown }).errorMessage;
  return typeof message === "string" ? message : "";
}

/** Lambda itself refuses a payload that is no JSON. */
function parseEvent(body: Buffer): unknown {
  const text = body.toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new InternalServerError("Could not parse request body into json");
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
    const handler = runtime.options.services?.[service];
    if (!handler) throw new InternalServerError(`no handler for the AWS service ${service}`);
    const answer = await handler({
      service,
      region,
      ...(kind === "action" ? { action: rest } : { path: rest }),
      method: method.integration.httpMethod ?? exchange.method,
      query: parameters.querystring,
      headers: parameters.header,
      body,
    });
    const status = answer.statusCode ?? 200;
    return {
      result: {
        status,
        headers: Object.entries(answer.headers ?? { "Content-Type": "application/json" }).flat(),
        body: Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body ?? ""),
      },
      selector: String(status),
    };
  };
}

/** Services that integrations of type AWS call and nothing stands in for: a reason not to start. */
export function unhandledServices(runtime: Runtime, methods: readonly Method[]): string[] {
  return methods.flatMap(({ integration, httpMethod, path }) => {
    if (integration.type !== "AWS" && integration.type !== "AWS_PROXY") return [];
    if (isLambda(integration.uri)) return [];
    const service = SERVICE.exec(integration.uri)?.[2] ?? "";
    if (integration.type === "AWS" && runtime.options.services?.[service]) return [];
    return [
      `${httpMethod} ${path} integrates with the AWS service "${service}", which cannot be served locally`,
    ];
  });
}
