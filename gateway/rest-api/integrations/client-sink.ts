import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange";
import { gatewayHeaders } from "../handlers/respond";
import { headerValue, type RawHeaders, remapResponse } from "../headers";
import type { Sink } from "./dispatch";
import { Utf8 } from "./utf8";

/** Bodies up to this length are written at once, with their length. */
const SMALL = 64 * 1024;

export function proxyResponseHeaders(headers: RawHeaders): RawHeaders {
  const remapped = remapResponse(headers, "proxyResponse");
  // "API Gateway includes a Content-Type header for all integration responses. By default application/json."
  if (headerValue(remapped, "content-type") === undefined) remapped.push("Content-Type", "application/json");
  return remapped;
}

/** Whether a body is passed through as bytes; other bodies have to be UTF-8. */
export function isOpaque(
  headers: RawHeaders,
  isBinary: (contentType: string | undefined) => boolean,
): boolean {
  return (
    isBinary(headerValue(headers, "content-type")) || headerValue(headers, "content-encoding") !== undefined
  );
}

/** Streams a backend's response to the client. */
export class ClientSink implements Sink {
  resume?: () => void;
  abort?: (reason: Error) => void;
  private readonly response: ServerResponse;
  private utf8?: Utf8;
  private small?: Buffer[];
  private complete = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly isBinary: (contentType: string | undefined) => boolean,
  ) {
    this.response = exchange.response;
    this.response.once("close", () => {
      if (!this.complete) this.abort?.(new Error("the client closed the connection"));
    });
  }

  start(status: number, headers: RawHeaders): void {
    const sent = proxyResponseHeaders(headers);
    const length = headerValue(headers, "content-length");
    const opaque = isOpaque(headers, this.isBinary);
    if (!opaque) this.utf8 = new Utf8();
    if (length !== undefined && Number(length) <= SMALL) this.small = [];
    else if (length !== undefined && opaque && this.exchange.method !== "HEAD")
      sent.push("Content-Length", length);
    sent.push(...gatewayHeaders(this.exchange));
    if (this.exchange.method === "HEAD" && length !== undefined) sent.push("Content-Length", length);
    if (this.small) {
      this.pending = { status, headers: sent };
      return;
    }
    this.response.writeHead(status, sent);
  }

  private pending?: { status: number; headers: RawHeaders };

  data(chunk: Buffer): boolean {
    const text = this.utf8 ? this.utf8.write(chunk) : chunk;
    if (this.small) {
      this.small.push(text);
      return true;
    }
    if (this.response.write(text)) return true;
    this.response.once("drain", () => this.resume?.());
    return false;
  }

  end(): void {
    this.complete = true;
    const last = this.utf8?.end();
    if (!this.small || !this.pending) {
      this.response.end(last);
      return;
    }
    if (last && last.length > 0) this.small.push(last);
    const body = this.small.length === 1 ? (this.small[0] as Buffer) : Buffer.concat(this.small);
    const { status, headers } = this.pending;
    if (this.exchange.method !== "HEAD" && status !== 204 && status !== 304)
      headers.push("Content-Length", String(body.length));
    this.response.writeHead(status, headers);
    this.response.end(body);
  }

  /** A response that has begun cannot be replaced: the connection is cut. */
  fail(): void {
    this.complete = true;
    this.response.destroy();
  }
}
