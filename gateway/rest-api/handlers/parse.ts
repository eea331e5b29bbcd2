import { restApi } from "../../../lib/quotas";
import { checkAnnouncedLength } from "../body";
import type { Exchange } from "../exchange";
import { acceptedHeaders } from "../headers";

/**
 * Reads method, headers and trace id.
 * "Total combined size of request line and header values: 10240 bytes" (quotas); the text is what users report.
 * "When sending requests by passing the X-HTTP-Method-Override header, API Gateway overrides the method" (important notes).
 */
export function parse(exchange: Exchange): void {
  const { request } = exchange;
  if (headerBytes(exchange) > restApi.headerBytes) {
    const body = `HTTP header is larger than ${restApi.headerBytes} bytes.`;
    exchange.methodResponse = { status: 431, headers: ["Content-Type", "text/plain"], body };
    return;
  }
  exchange.headers = acceptedHeaders(request.rawHeaders);
  const override = request.headers["x-http-method-override"];
  if (typeof override === "string" && override !== "") exchange.method = override.toUpperCase();
  exchange.startTrace();
  checkAnnouncedLength(request);
}

function headerBytes({ request }: Exchange): number {
  const line = (request.method ?? "").length + (request.url ?? "").length + " HTTP/1.1\r\n".length + 1;
  return request.rawHeaders.reduce((total, text) => total + text.length + 2, line);
}
