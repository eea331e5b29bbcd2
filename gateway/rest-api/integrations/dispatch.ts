import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { PAYLOAD_LIMIT } from "../body";
import { GatewayError } from "../errors";
import { headerValue, type RawHeaders } from "../headers";
import { backendError } from "./backend";

/** Receives a backend's response. */
export interface Sink {
  /** Status and headers, as sent. */
  start(status: number, headers: RawHeaders): void;
  /** False pauses the response until `resume`. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** Called when a response that has begun cannot be completed. */
  fail(error: Error): void;
  /** Set by the call: continues after `data` returned false. */
  resume?: () => void;
  /** Set by the call: aborts the request. */
  abort?: (reason: Error) => void;
}

export interface BackendRequest {
  origin: string;
  path: string;
  method: string;
  headers: RawHeaders;
  body: Buffer | Readable | null;
}

/**
 * One request to a backend. Resolves when the response is complete; rejects with the gateway error when there is none.
 * Uses undici's low-level `dispatch` because it keeps header names and values as they were sent.
 */
export function dispatch(
  dispatcher: Dispatcher,
  request: BackendRequest,
  timeoutMs: number,
  sink: Sink,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let abort: ((error?: Error) => void) | undefined;
    let started = false;
    let settled = false;
    const finish = (error?: Error): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (!error) resolve();
      else if (started) {
        sink.fail(error);
        resolve();
      } else reject(backendError(error));
    };
    const cancel = (reason: Error): void => {
      finish(reason);
      abort?.(reason);
    };
    const timer = setTimeout(
      () => cancel(new GatewayError("INTEGRATION_TIMEOUT", `no response within ${timeoutMs} ms`)),
      timeoutMs,
    );
    sink.abort = cancel;
    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body,
      },
      {
        onConnect(abortRequest) {
          abort = abortRequest;
          if (settled) abortRequest(new Error("aborted"));
        },
        onHeaders(status, rawHeaders, resume) {
          if (status < 200 || settled) return true;
          sink.resume = resume;
          const headers: RawHeaders = new Array(rawHeaders.length);
          for (let i = 0; i < rawHeaders.length; i += 1)
            headers[i] = (rawHeaders[i] as Buffer).toString("latin1");
          if (
            Number(headerValue(headers, "content-length") ?? 0) > PAYLOAD_LIMIT &&
            request.method !== "HEAD"
          ) {
            cancel(tooLarge());
            return true;
          }
          started = true;
          sink.start(status, headers);
          return true;
        },
        onData(chunk) {
          return settled || sink.data(chunk);
        },
        onComplete() {
          if (settled) return;
          sink.end();
          finish();
        },
        onError(error) {
          finish(error);
        },
      },
    );
  });
}

/** AWS's log: "Integration response of reported length … is larger than allowed maximum of 10485760 bytes" (quotas: payload size). */
const tooLarge = (): Error =>
  new GatewayError("API_CONFIGURATION_ERROR", "the integration response is larger than 10 MB");

/** Buffers a response in memory. */
export class Collector implements Sink {
  status = 0;
  headers: RawHeaders = [];
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private error?: Error;
  resume?: () => void;
  abort?: (reason: Error) => void;

  start(status: number, headers: RawHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > PAYLOAD_LIMIT) this.abort?.(tooLarge());
    else this.chunks.push(chunk);
    return true;
  }

  end(): void {}

  fail(error: Error): void {
    this.error = error;
  }

  /** @throws GatewayError for a response that was cut off */
  body(): Buffer {
    if (this.error) throw backendError(this.error);
    return this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
  }
}
