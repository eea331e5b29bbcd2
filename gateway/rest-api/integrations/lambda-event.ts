import type { Exchange } from "../exchange";
import { headerValue, multiValues, type RawHeaders, setHeader, singleValues } from "../headers";
import { requestContext } from "../request-context";

/** The part of an event that a proxy integration and a REQUEST authorizer share. */
export function proxyRequest(exchange: Exchange): Record<string, unknown> {
  const headers = eventHeaders(exchange);
  const { query } = exchange;
  const hasQuery = query.entries.size > 0;
  return {
    resource: exchange.target?.path,
    path: eventPath(exchange),
    httpMethod: exchange.method,
    headers: singleValues(headers),
    multiValueHeaders: multiValues(headers),
    queryStringParameters: hasQuery ? query.single() : null,
    multiValueQueryStringParameters: hasQuery ? query.multi() : null,
    pathParameters: Object.keys(exchange.pathParameters).length > 0 ? exchange.pathParameters : null,
    stageVariables: Object.keys(exchange.stageVariables).length > 0 ? { ...exchange.stageVariables } : null,
    requestContext: requestContext(exchange),
  };
}

/** With a custom domain it includes the base path; leading slashes are merged (recorded: prepended-slash cases). */
function eventPath(exchange: Exchange): string {
  const path = exchange.ingress.domainName === undefined ? exchange.path : exchange.fullPath;
  return `/${path.replace(/^\/+/, "")}`;
}

/** Capitalized however the client sent them (recorded: `authorization` and `User-Agent`). */
const CAPITALIZED: ReadonlyMap<string, string> = new Map(
  ["Authorization", "User-Agent", "Host"].map((name) => [name.toLowerCase(), name]),
);

function eventHeaders(exchange: Exchange): RawHeaders {
  const headers: RawHeaders = [];
  const sent = exchange.headers;
  for (let i = 0; i < sent.length; i += 2) {
    const name = sent[i] as string;
    headers.push(CAPITALIZED.get(name.toLowerCase()) ?? name, sent[i + 1] as string);
  }
  setHeader(headers, "X-Amzn-Trace-Id", exchange.traceId);
  forwarded(exchange, headers);
  return headers;
}

/** Appends the client's address to what the client sent. */
export function forwarded(exchange: Exchange, headers: RawHeaders): void {
  const claimed = headerValue(headers, "x-forwarded-for");
  setHeader(headers, "X-Forwarded-For", claimed ? `${claimed}, ${exchange.sourceIp}` : exchange.sourceIp);
  setHeader(headers, "X-Forwarded-Port", "443");
  setHeader(headers, "X-Forwarded-Proto", "https");
}
