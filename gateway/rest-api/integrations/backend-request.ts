import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { headerValue, type RawHeaders, treatmentOf } from "../headers";
import { formatQuery } from "../query";

/** Methods whose requests have no body. */
export const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Appends query parameters to those the integration's uri already has. */
export function withQuery(path: string, parameters: Iterable<[string, string | readonly string[]]>): string {
  const query = formatQuery(parameters);
  if (query === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

/**
 * Headers of a request to an HTTP backend: those passed through, the mapped ones, then API Gateway's defaults and own
 * headers (recorded: no-param-integration, full-integration).
 * @throws GatewayError for a mapping that AWS refuses at run time
 */
export function backendHeaders(
  exchange: Exchange,
  passed: RawHeaders,
  mapped: Record<string, string>,
  authority: string,
): RawHeaders {
  const headers = [...passed];
  const { apiId } = exchange.runtime;
  let host = authority;
  for (const [name, value] of Object.entries(mapped)) {
    const { mappedHttp } = treatmentOf(name);
    if (mappedHttp === "illegal") throw new GatewayError("DEFAULT_5XX", `${name} header already present`);
    if (mappedHttp === "drop") continue;
    if (name.toLowerCase() === "host") host = value;
    else headers.push(name, value);
  }
  if (headerValue(headers, "accept") === undefined) headers.push("Accept", "application/json");
  if (headerValue(headers, "user-agent") === undefined)
    headers.push("User-Agent", `AmazonAPIGateway_${apiId}`);
  headers.push("Host", host, "X-Amzn-Trace-Id", exchange.traceId, "X-Amzn-Apigateway-Api-Id", apiId);
  return headers;
}
