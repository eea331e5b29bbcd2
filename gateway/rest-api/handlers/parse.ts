import { checkAnnouncedLength } from "../body";
import type { Exchange } from "../exchange";
import { acceptedHeaders } from "../headers";

/**
 * Reads method, headers and trace id.
 * "When sending requests by passing the X-HTTP-Method-Override header, API Gateway overrides the method" (important notes).
 */
export function parse(exchange: Exchange): void {
  const { request } = exchange;
  exchange.headers = acceptedHeaders(request.rawHeaders);
  const override = request.headers["x-http-method-override"];
  if (typeof override === "string" && override !== "") exchange.method = override.toUpperCase();
  exchange.startTrace();
  checkAnnouncedLength(request);
}
