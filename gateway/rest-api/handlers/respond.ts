import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import type { RawHeaders } from "../headers";

/** Headers of every response (recorded in all snapshots). */
export function gatewayHeaders(exchange: Exchange): RawHeaders {
  return ["x-amzn-RequestId", exchange.requestId, "x-amz-apigw-id", exchange.extendedRequestId];
}

/** Writes a complete response. */
export function respond(exchange: Exchange): void {
  const { response, methodResponse } = exchange;
  if (!methodResponse || response.headersSent || response.destroyed) return;
  const headers = [...methodResponse.headers, ...gatewayHeaders(exchange)];
  const type = exchange.target?.integration.type;
  // Not for MOCK, HTTP_PROXY and errors (recorded: test_invocation_trace_id, TestApiGatewayHeaderRemapping).
  if (!exchange.error && type !== "MOCK" && type !== "HTTP_PROXY")
    headers.push("X-Amzn-Trace-Id", exchange.traceId);
  const body =
    typeof methodResponse.body === "string" ? Buffer.from(methodResponse.body) : methodResponse.body;
  const isBodiless = methodResponse.status === 204 || methodResponse.status === 304;
  if (!isBodiless) headers.push("Content-Length", String(body.length));
  try {
    response.writeHead(methodResponse.status, headers);
  } catch (error) {
    // A header that HTTP does not allow, for example.
    throw new GatewayError("DEFAULT_5XX", (error as Error).message, { status: 502 });
  }
  if (isBodiless || exchange.method === "HEAD" || exchange.request.method === "HEAD") response.end();
  else response.end(body);
}
