import { checkAnnouncedLength } from "../body";
import type { Exchange } from "../exchange";
import { DROPPED_FROM_REQUEST, withoutHeaders } from "../headers";

/**
 * Reads method, headers and trace id.
 * "When sending requests by passing the X-HTTP-Method-Override header, API Gateway overrides the method" (important notes).
 */
export function parse(exchange: Exchange): void {
  const { request } = exchange;
  exchange.headers = withoutHeaders(request.rawHeaders, DROPPED_FROM_REQUEST);
  const override = request.headers["x-http-method-override"];
  if (typeof override === "string" && override !== "") exchange.method = override.toUpperCase();
  exchange.startTrace();
  checkAnnouncedLength(request);
}
