import { isObject } from "../../../lib/json";
import { withTimeout } from "../../../lib/timeout";
import { asUtf8, binaryTypes, fromBase64 } from "../binary";
import { GatewayError, lambdaFailure } from "../errors";
import type { Exchange, MethodResponse } from "../exchange";
import { headerValue, type RawHeaders, remapResponse } from "../headers";
import { findFunction, functionError } from "../lambda";
import { compileRequestMapper } from "../mapping/parameters";
import type { Integration, Method } from "../model";
import type { Runtime } from "../runtime";
import { checkMappedHeaders } from "./aws";
import { proxyRequest } from "./lambda-event";

/** AWS_PROXY with a Lambda function: event version 1.0 in, a response in the proxy format out. */
export function lambdaProxy(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const { integration } = method;
  const isBinary = binaryTypes(runtime.api.binaryMediaTypes);
  const mapper = compileRequestMapper(integration.requestParameters);
  return async (exchange) => {
    // The event has none of the mapped headers, but forbidden ones fail as with AWS (recorded: TestApiGatewayHeaderRemapping).
    checkMappedHeaders(mapper.map(exchange, mapper.needsBody ? await exchange.body() : undefined));
    // Recorded: test_lambda_aws_proxy_integration_non_post_method.
    if (integration.httpMethod !== "POST") {
      throw lambdaFailure("AWS_PROXY has to use POST");
    }
    const handler = findFunction(runtime, integration.uri, exchange.stageVariables);
    if (!handler) {
      throw lambdaFailure("Invalid permissions on Lambda function");
    }
    const event = await eventFor(exchange, isBinary);
    const result = await invoke(handler, event, integration);
    exchange.methodResponse = readResponse(result, isBinary(exchange.header("accept")));
  };
}

async function eventFor(
  exchange: Exchange,
  isBinary: (contentType: string | undefined) => boolean,
): Promise<Record<string, unknown>> {
  const body = await exchange.body();
  const encoded = body.length > 0 && isBinary(exchange.header("content-type") ?? "application/json");
  return {
    ...proxyRequest(exchange),
    body: body.length === 0 ? null : body.toString(encoded ? "base64" : "utf8"),
    isBase64Encoded: encoded,
  };
}

async function invoke(
  handler: (event: unknown) => Promise<unknown>,
  event: unknown,
  integration: Integration,
): Promise<unknown> {
  try {
    const result = await withTimeout(
      integration.timeoutMs,
      () => handler(event),
      () => new GatewayError("INTEGRATION_TIMEOUT"),
    );
    if (isOversized(result)) throw new Error("Response payload size exceeded maximum allowed payload size");
    return result;
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw lambdaFailure(
      `Lambda execution failed due to customer function error: ${functionError(thrown).errorMessage}`,
      502,
    );
  }
}

/** Lambda limits a synchronous response to this many bytes; more is a function error (DataBiosphere/azul#8258, observed on AWS). */
const RESPONSE_LIMIT = 6_291_556;

/** Measures only what may exceed the limit. */
function isOversized(result: unknown): boolean {
  if (!isObject(result) || typeof result.body !== "string" || result.body.length < RESPONSE_LIMIT / 6)
    return false;
  return Buffer.byteLength(JSON.stringify(result)) > RESPONSE_LIMIT;
}

const KEYS: ReadonlySet<string> = new Set([
  "isBase64Encoded",
  "statusCode",
  "headers",
  "multiValueHeaders",
  "body",
  "cookies",
]);

/**
 * The proxy format (guide: "Output format of a Lambda function for proxy integration"). Every key is optional, another key
 * or a value of the wrong kind is a 502 (recorded: test_aws_proxy_response_payload_format_validation).
 */
function readResponse(value: unknown, acceptsBinary: boolean): MethodResponse {
  const result = value === undefined ? null : value;
  if (!isObject(result) || Object.keys(result).some((key) => !KEYS.has(key) || key === "cookies"))
    throw malformed();
  const status = readStatus(result.statusCode);
  const text = scalar(result.body);
  const encoded = result.isBase64Encoded === true || result.isBase64Encoded === "true";
  const headers = readHeaders(result.headers, result.multiValueHeaders);
  if (headerValue(headers, "content-type") === undefined) {
    headers.unshift("Content-Type", "application/json");
  }
  return {
    status,
    headers: remapResponse(headers, "proxyResponse"),
    body: encoded && acceptsBinary ? decodedBody(text) : asUtf8(Buffer.from(text)),
  };
}

const malformed = (): GatewayError =>
  new GatewayError("DEFAULT_5XX", "Malformed Lambda proxy response", { status: 502 });

/** @throws GatewayError for text that is not base64 (recorded: test_aws_proxy_binary_response) */
function decodedBody(text: string): Buffer {
  const bytes = fromBase64(Buffer.from(text));
  if (!bytes) throw new GatewayError("DEFAULT_5XX", "the body is not base64");
  return bytes;
}

function readStatus(value: unknown): number {
  if (value === undefined || value === null || value === "") return 200;
  const status =
    typeof value === "number" || typeof value === "string" ? Math.trunc(Number(value)) : Number.NaN;
  if (!(status >= 100 && status <= 599)) throw malformed();
  return status;
}

/** Numbers and booleans are accepted as text; an object or array is malformed. */
function scalar(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") throw malformed();
  return String(value);
}

/**
 * Both maps merged: values of `multiValueHeaders` come first and set the spelling; a pair in both maps counts once
 * (recorded: invoke-api-multi-headers-overwrite, …-overwrite-casing).
 */
function readHeaders(single: unknown, multi: unknown): RawHeaders {
  const merged = new Map<string, { name: string; values: string[] }>();
  if (multi !== undefined && multi !== null) {
    if (!isObject(multi)) throw malformed();
    for (const [name, values] of Object.entries(multi)) {
      if (values === null) continue;
      if (!Array.isArray(values)) throw malformed();
      merged.set(name.toLowerCase(), { name, values: values.map(scalar) });
    }
  }
  if (single !== undefined && single !== null) {
    if (!isObject(single)) throw malformed();
    for (const [name, value] of Object.entries(single)) {
      if (value === null) continue;
      const text = scalar(value);
      const known = merged.get(name.toLowerCase());
      if (!known) merged.set(name.toLowerCase(), { name, values: [text] });
      else if (!known.values.includes(text)) known.values.push(text);
    }
  }
  const headers: RawHeaders = [];
  for (const { name, values } of merged.values()) for (const value of values) headers.push(name, value);
  return headers;
}
