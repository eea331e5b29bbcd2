import { InternalServerError } from "../errors";
import type { Exchange } from "../exchange";
import { DROPPED_AFTER_MAPPING_HTTP, ILLEGAL_MAPPED_HTTP, type RawHeaders } from "../headers";
import type { Method } from "../model";
import { formatQuery } from "../query";
import type { Runtime } from "../runtime";
import { compileIntegrationRequest } from "../stages/integration-request";
import { compileIntegrationResponse } from "../stages/integration-response";
import { compileEndpoint, pushOwnHeaders } from "./backend";
import { Collector, dispatch } from "./dispatch";

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** HTTP: only what is mapped goes to the backend, only what is mapped comes back (recorded: test_apigateway_http[HTTP]). */
export function http(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const { integration } = method;
  const toRequest = compileIntegrationRequest(runtime, method);
  const toResponse = compileIntegrationResponse(runtime, method);
  const endpointFor = compileEndpoint(integration);
  const dispatcher = runtime.dispatcher(integration.insecureSkipVerification);
  return async (exchange) => {
    const { parameters, body } = await toRequest(exchange);
    const endpoint = endpointFor(exchange, parameters.path);
    const query = formatQuery(Object.entries(parameters.querystring));
    const verb = integration.httpMethod ?? exchange.method;
    const collector = new Collector();
    await dispatch(
      dispatcher,
      {
        origin: endpoint.origin,
        path:
          query === "" ? endpoint.path : `${endpoint.path}${endpoint.path.includes("?") ? "&" : "?"}${query}`,
        method: verb,
        headers: requestHeaders(exchange, parameters.header, endpoint.authority),
        body: BODILESS.has(verb) ? null : body,
      },
      integration.timeoutMs,
      collector,
    );
    toResponse(
      exchange,
      { status: collector.status, headers: collector.headers, body: collector.body() },
      String(collector.status),
    );
  };
}

/** The mapped headers and the gateway's own (recorded: no-param-integration, full-integration). */
function requestHeaders(exchange: Exchange, mapped: Record<string, string>, authority: string): RawHeaders {
  const headers: RawHeaders = [];
  const names = new Set<string>();
  let host = authority;
  for (const [name, value] of Object.entries(mapped)) {
    const lower = name.toLowerCase();
    if (ILLEGAL_MAPPED_HTTP.has(lower)) throw new InternalServerError(`${name} header already present`);
    if (DROPPED_AFTER_MAPPING_HTTP.has(lower)) continue;
    names.add(lower);
    if (lower === "host") host = value;
    else headers.push(name, value);
  }
  const contentType = exchange.header("content-type");
  if (!names.has("accept")) headers.push("Accept", "application/json");
  if (!names.has("user-agent")) headers.push("User-Agent", `AmazonAPIGateway_${exchange.runtime.apiId}`);
  if (!names.has("content-type") && contentType !== undefined && !BODILESS.has(exchange.method)) {
    headers.push("Content-Type", contentType);
  }
  pushOwnHeaders(exchange, headers, host);
  return headers;
}
