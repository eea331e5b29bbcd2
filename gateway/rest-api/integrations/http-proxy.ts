import { type Readable, Transform } from "node:stream";
import { asUtf8, binaryTypes } from "../binary";
import { InternalServerError, RequestTooLarge } from "../errors";
import type { Exchange } from "../exchange";
import {
  DROPPED_AFTER_MAPPING_HTTP,
  DROPPED_BY_HTTP_PROXY,
  headerValue,
  ILLEGAL_MAPPED_HTTP,
  type RawHeaders,
} from "../headers";
import { compileRequestMapper } from "../mapping/parameters";
import type { Method } from "../model";
import { formatQuery } from "../query";
import { PAYLOAD_LIMIT, type Runtime } from "../runtime";
import { compileEndpoint, pushOwnHeaders } from "./backend";
import { ClientSink, proxyResponseHeaders } from "./client-sink";
import { type BackendRequest, Collector, dispatch } from "./dispatch";
import { forwarded } from "./lambda-event";
import { Utf8 } from "./utf8";

/** Bodies up to this size are gathered before they are sent, so that the backend gets their length. */
const GATHERED = 1024 * 1024;
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * HTTP_PROXY: the request goes on as it came, with the mapped parameters merged into it; the answer comes back as it is,
 * but for the headers AWS renames or drops (recorded: test_apigateway_http, TestApiGatewayHeaderRemapping[HTTP_PROXY]).
 * `buffered` keeps the answer in `exchange.answer` (for caching and compression) instead of streaming it.
 */
export function httpProxy(
  runtime: Runtime,
  method: Method,
  buffered: boolean,
): (exchange: Exchange) => Promise<void> {
  const { integration } = method;
  const mapper = compileRequestMapper(integration.requestParameters);
  const endpointFor = compileEndpoint(integration);
  const isBinary = binaryTypes(runtime.api.binaryMediaTypes);
  const dispatcher = runtime.dispatcher(integration.insecureSkipVerification);
  const illegal = integration.requestParameters.find(
    ({ location, name }) => location === "header" && ILLEGAL_MAPPED_HTTP.has(name.toLowerCase()),
  );
  return async (exchange) => {
    const mapped = mapper.map(exchange, mapper.needsBody ? await exchange.body() : undefined);
    if (illegal && mapped.header[illegal.name] !== undefined) {
      throw new InternalServerError(`${illegal.name} header already present`);
    }
    const endpoint = endpointFor(exchange, mapped.path);
    const request: BackendRequest = {
      origin: endpoint.origin,
      path: withQuery(endpoint.path, exchange, mapped.querystring),
      method: integration.httpMethod ?? exchange.method,
      headers: requestHeaders(exchange, mapped.header, endpoint.authority),
      body: null,
    };
    if (exchange.hasBody && !BODILESS.has(request.method)) {
      request.body = await requestBody(exchange, request.headers, isBinary);
    }
    if (!buffered) {
      const sink = new ClientSink(exchange, isBinary);
      await dispatch(dispatcher, request, integration.timeoutMs, sink);
      return;
    }
    const collector = new Collector();
    await dispatch(dispatcher, request, integration.timeoutMs, collector);
    const body = collector.body();
    const binary =
      isBinary(headerValue(collector.headers, "content-type")) ||
      headerValue(collector.headers, "content-encoding") !== undefined;
    exchange.answer = {
      status: collector.status,
      headers: proxyResponseHeaders(collector.headers),
      body: binary ? body : asUtf8(body),
    };
  };
}

/** The uri's own query first, then the client's parameters, then mapped ones; same names add up (recorded: request_data_mappings). */
function withQuery(path: string, exchange: Exchange, mapped: Record<string, string | string[]>): string {
  const names = Object.keys(mapped);
  if (exchange.rawQuery === "" && names.length === 0) return path;
  const parameters = new Map<string, string | string[]>(exchange.query.entries);
  for (const name of names) {
    const value = mapped[name] as string | string[];
    const sent = parameters.get(name);
    if (sent === undefined || sameValues(sent, value)) parameters.set(name, value);
    else parameters.set(name, [...(sent as string[]), ...(typeof value === "string" ? [value] : value)]);
  }
  const text = formatQuery(parameters);
  if (text === "") return path;
  return path.includes("?") ? `${path}&${text}` : `${path}?${text}`;
}

/** A parameter mapped to itself is not sent twice. */
function sameValues(sent: string | string[], mapped: string | string[]): boolean {
  const last = Array.isArray(sent) ? sent.at(-1) : sent;
  return typeof mapped === "string" ? last === mapped : String(sent) === String(mapped);
}

function requestHeaders(exchange: Exchange, mapped: Record<string, string>, authority: string): RawHeaders {
  const headers: RawHeaders = [];
  const replaced = new Set<string>();
  for (const name in mapped) replaced.add(name.toLowerCase());
  let hasAccept = false;
  let hasAgent = false;
  const sent = exchange.headers;
  for (let i = 0; i < sent.length; i += 2) {
    const name = sent[i] as string;
    const lower = name.toLowerCase();
    if (DROPPED_BY_HTTP_PROXY.has(lower) || DROPPED_AFTER_MAPPING_HTTP.has(lower) || ADDED.has(lower))
      continue;
    if (lower === "authorization" && isSignature(sent[i + 1] as string)) continue;
    if (replaced.size > 0 && replaced.has(lower)) continue;
    if (lower === "accept") hasAccept = true;
    else if (lower === "user-agent") hasAgent = true;
    headers.push(name, sent[i + 1] as string);
  }
  let host = authority;
  for (const name in mapped) {
    const lower = name.toLowerCase();
    if (DROPPED_AFTER_MAPPING_HTTP.has(lower)) continue;
    if (lower === "host") host = mapped[name] as string;
    else headers.push(name, mapped[name] as string);
    if (lower === "accept") hasAccept = true;
    else if (lower === "user-agent") hasAgent = true;
  }
  if (!hasAccept) headers.push("Accept", "application/json");
  if (!hasAgent) headers.push("User-Agent", `AmazonAPIGateway_${exchange.runtime.apiId}`);
  pushOwnHeaders(exchange, headers, host);
  addForwarded(exchange, headers, replaced);
  return headers;
}

const ADDED: ReadonlySet<string> = new Set(["x-amzn-trace-id", "x-amzn-apigateway-api-id"]);

/** "The Authorization header is dropped if it contains a Signature Version 4 signature" (important notes). */
export const isSignature = (authorization: string): boolean => authorization.startsWith("AWS4-HMAC-SHA256");

function addForwarded(exchange: Exchange, headers: RawHeaders, replaced: ReadonlySet<string>): void {
  if (replaced.has("x-forwarded-for")) return;
  const claimed = exchange.request.headers["x-forwarded-for"];
  if (claimed !== undefined) forwarded(exchange, headers);
  else
    headers.push(
      "X-Forwarded-For",
      exchange.sourceIp,
      "X-Forwarded-Port",
      "443",
      "X-Forwarded-Proto",
      "https",
    );
}

/** Text has to be UTF-8; binary types pass. Large bodies flow through. */
async function requestBody(
  exchange: Exchange,
  headers: RawHeaders,
  isBinary: (contentType: string | undefined) => boolean,
): Promise<Buffer | Readable> {
  const { request } = exchange;
  const binary =
    isBinary(request.headers["content-type"]) || request.headers["content-encoding"] !== undefined;
  const length = request.headers["content-length"];
  if (length !== undefined && Number(length) <= GATHERED) {
    const body = await exchange.body();
    return binary ? body : asUtf8(body);
  }
  if (binary && length !== undefined) {
    headers.push("Content-Length", length);
    return request;
  }
  return request.pipe(limited(binary ? undefined : new Utf8()));
}

/** Counts what comes through: more than the payload limit is a 413. */
function limited(utf8: Utf8 | undefined): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      total += chunk.length;
      if (total > PAYLOAD_LIMIT) done(new RequestTooLarge());
      else done(null, utf8 ? utf8.write(chunk) : chunk);
    },
    flush(done) {
      done(null, utf8?.end());
    },
  });
}
