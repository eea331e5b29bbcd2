import type { Answer, Exchange } from "./exchange";
import type { RawHeaders } from "./headers";

/** Headers of every answer (recorded in all snapshots). */
export function ownHeaders(exchange: Exchange): RawHeaders {
  return ["x-amzn-RequestId", exchange.requestId, "x-amz-apigw-id", exchange.extendedRequestId];
}

/** Writes an answer that is complete. */
export function respond(exchange: Exchange, answer: Answer): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const headers = [...answer.headers, ...ownHeaders(exchange)];
  const type = exchange.target?.integration.type;
  // Not for MOCK and HTTP_PROXY, nor for errors (recorded: test_invocation_trace_id, TestApiGatewayHeaderRemapping).
  if (!exchange.error && type !== "MOCK" && type !== "HTTP_PROXY")
    headers.push("X-Amzn-Trace-Id", exchange.traceId);
  const body = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
  const bodiless = answer.status === 204 || answer.status === 304;
  if (!bodiless) headers.push("Content-Length", String(body.length));
  response.writeHead(answer.status, headers);
  if (bodiless || exchange.method === "HEAD" || exchange.request.method === "HEAD") response.end();
  else response.end(body);
}
