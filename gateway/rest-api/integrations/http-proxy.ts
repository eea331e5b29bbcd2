import { type Readable, Transform } from "node:stream";
import { asUtf8, binaryTypes } from "../binary";
import { PAYLOAD_LIMIT } from "../body";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { type RawHeaders, treatmentOf } from "../headers";
import { compileRequestMapper } from "../mapping/parameters";
import type { Method } from "../model";
import type { Runtime } from "../runtime";
import { compileEndpoint } from "./backend";
import { BODILESS, backendHeaders, withQuery } from "./backend-request";
import { ClientSink, isOpaque, proxyResponseHeaders } from "./client-sink";
import { type BackendRequest, Collector, dispatch } from "./dispatch";
import { forwarded } from "./lambda-event";
import { Utf8 } from "./utf8";

/** Bodies up to this size are read before they are sent, so that the backend gets their length. */
const BUFFERED_BODY_LIMIT = 1024 * 1024;

/**
 * HTTP_PROXY: passes the request through with the mapped parameters merged into it, and the response back except for the
 * headers AWS renames or drops (recorded: test_apigateway_http, TestApiGatewayHeaderRemapping[HTTP_PROXY]).
 * @param isBuffered keeps the response in `exchange.methodResponse` instead of streaming it
 */
export function httpProxy(
  runtime: Runtime,
  method: Method,
  isBuffered: boolean,
): (exchange: Exchange) => Promise<void> {
  const { integration } = method;
  const mapper = compileRequestMapper(integration.requestParameters);
  const endpointFor = compileEndpoint(integration);
  const isBinary = binaryTypes(runtime.api.binaryMediaTypes);
  const dispatcher = runtime.dispatcher(integration.insecureSkipVerification);
  return async (exchange) => {
    const mapped = mapper.map(exchange, mapper.needsBody ? await exchange.body() : undefined);
    const endpoint = endpointFor(exchange, mapped.path);
    const request: BackendRequest = {
      origin: endpoint.origin,
      path: withQuery(endpoint.path, mergedQuery(exchange, mapped.querystring)),
      method: integration.httpMethod ?? exchange.method,
      headers: requestHeaders(exchange, mapped.header, endpoint.authority),
      body: null,
    };
    if (exchange.hasBody && !BODILESS.has(request.method)) {
      request.body = await requestBody(exchange, request.headers, isBinary);
    }
    if (!isBuffered) {
      await dispatch(dispatcher, request, integration.timeoutMs, new ClientSink(exchange, isBinary));
      return;
    }
    const collector = new Collector();
    await dispatch(dispatcher, request, integration.timeoutMs, collector);
    const body = collector.body();
    exchange.methodResponse = {
      status: collector.status,
      headers: proxyResponseHeaders(collector.headers),
      body: isOpaque(collector.headers, isBinary) ? body : asUtf8(body),
    };
  };
}

/** The client's parameters, then mapped ones; values of the same name add up (recorded: request_data_mappings). */
function mergedQuery(
  exchange: Exchange,
  mapped: Record<string, string | string[]>,
): Map<string, string | string[]> {
  const parameters = new Map<string, string | string[]>(exchange.query.entries);
  for (const [name, value] of Object.entries(mapped)) {
    const sent = parameters.get(name);
    if (sent === undefined || sameValues(sent, value)) parameters.set(name, value);
    else parameters.set(name, [...(sent as string[]), ...(typeof value === "string" ? [value] : value)]);
  }
  return parameters;
}

/** A parameter mapped to itself is not sent twice. */
function sameValues(sent: string | string[], mapped: string | string[]): boolean {
  const last = Array.isArray(sent) ? sent.at(-1) : sent;
  return typeof mapped === "string" ? last === mapped : String(sent) === String(mapped);
}

function requestHeaders(exchange: Exchange, mapped: Record<string, string>, authority: string): RawHeaders {
  const replaced = new Set(Object.keys(mapped).map((name) => name.toLowerCase()));
  const passed: RawHeaders = [];
  const sent = exchange.headers;
  for (let i = 0; i < sent.length; i += 2) {
    const name = sent[i] as string;
    const value = sent[i + 1] as string;
    const { passed: passedThrough, mappedHttp } = treatmentOf(name);
    const lower = name.toLowerCase();
    if (passedThrough === "drop" || mappedHttp === "drop" || replaced.has(lower)) continue;
    if (lower === "authorization" && isSignature(value)) continue;
    passed.push(name, value);
  }
  const headers = backendHeaders(exchange, passed, mapped, authority);
  if (!replaced.has("x-forwarded-for")) forwarded(exchange, headers);
  return headers;
}

/** "The Authorization header is dropped if it contains a Signature Version 4 signature" (important notes). */
const isSignature = (authorization: string): boolean => authorization.startsWith("AWS4-HMAC-SHA256");

/** Text has to be UTF-8, binary types pass unchanged. Large bodies are streamed. */
async function requestBody(
  exchange: Exchange,
  headers: RawHeaders,
  isBinaryType: (contentType: string | undefined) => boolean,
): Promise<Buffer | Readable> {
  const { request } = exchange;
  const length = request.headers["content-length"];
  const isBinary = isBinaryType(request.headers["content-type"]);
  if (exchange.decompressesBody || (length !== undefined && Number(length) <= BUFFERED_BODY_LIMIT)) {
    const body = await exchange.body();
    const isOpaque =
      isBinary || (request.headers["content-encoding"] !== undefined && !exchange.decompressesBody);
    return isOpaque ? body : asUtf8(body);
  }
  if (!isBinary && request.headers["content-encoding"] === undefined)
    return request.pipe(limited(new Utf8()));
  if (length === undefined) return request.pipe(limited(undefined));
  headers.push("Content-Length", length);
  return request;
}

/** Fails with 413 once more than the payload limit has passed. */
function limited(utf8: Utf8 | undefined): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      total += chunk.length;
      if (total > PAYLOAD_LIMIT) done(new GatewayError("REQUEST_TOO_LARGE"));
      else done(null, utf8 ? utf8.write(chunk) : chunk);
    },
    flush(done) {
      done(null, utf8?.end());
    },
  });
}
