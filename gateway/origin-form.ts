import type { IncomingMessage } from "node:http";

/**
 * Turns an absolute-form target (`GET http://host/path`, as clients of a forward proxy send it) into origin form. "The server
 * MUST ignore the received Host header field … and instead replace it" (RFC 9112, 3.2.2).
 */
export function toOriginForm(request: IncomingMessage): void {
  const [, host, rest = ""] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(request.url ?? "") ?? [];
  if (host === undefined) return;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  setHost(request, host);
}

/** Replaces the Host header. */
export function setHost(request: IncomingMessage, host: string): void {
  request.headers.host = host;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === "host") request.rawHeaders[index + 1] = host;
  }
}
