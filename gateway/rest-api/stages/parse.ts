import { RequestTooLarge } from "../errors";
import type { Exchange } from "../exchange";
import { DROPPED_FROM_REQUEST, withoutHeaders } from "../headers";
import { PAYLOAD_LIMIT } from "../runtime";

/**
 * Takes the request in: method, headers, trace.
 * "When sending requests by passing the X-HTTP-Method-Override header, API Gateway overrides the method" (important notes).
 */
export function parse(exchange: Exchange): void {
  const { request } = exchange;
  exchange.headers = withoutHeaders(request.rawHeaders, DROPPED_FROM_REQUEST);
  const override = request.headers["x-http-method-override"];
  if (typeof override === "string" && override !== "") exchange.method = override.toUpperCase();
  exchange.startTrace();
  if (Number(request.headers["content-length"] ?? 0) > PAYLOAD_LIMIT) throw new RequestTooLarge();
}
