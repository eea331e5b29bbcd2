import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { GatewayError } from "./errors";
import { headerValue, type RawHeaders } from "./headers";
import type { Method } from "./model";
import { Query } from "./query";
import type { Runtime } from "./runtime";
import { completeTraceId, newExtendedRequestId } from "./trace";

/** How a request came in, when it did not come by the stage's own invoke URL. */
export interface Arrival {
  sourceIp?: string;
  /** A custom domain; `$context.domainName`. */
  domainName?: string;
  /** Path of the API mapping without slashes at its ends; it is not part of the API's own paths. */
  basePath?: string;
}

/** The answer an integration or a cache gives, before it is written. */
export interface Answer {
  status: number;
  headers: RawHeaders;
  body: Buffer | string;
  /** Instead of `body`: bytes as they come. */
  stream?: Readable;
}

/** What a mapping template may write: `$context.requestOverride` and `$context.responseOverride`. */
export interface Overrides {
  request: {
    header: Record<string, unknown>;
    path: Record<string, unknown>;
    querystring: Record<string, unknown>;
  };
  response: { header: Record<string, unknown>; status?: unknown } & Record<string, unknown>;
}

/** What goes to the backend of a custom integration. */
export interface IntegrationRequest {
  method: string;
  uri: string;
  headers: RawHeaders;
  body: Buffer;
}

/** What came back from the backend of a custom integration. */
export interface IntegrationResult {
  status: number;
  headers: RawHeaders;
  body: Buffer;
}

/** One request on its way through the stages; each stage fills in its own part. */
export class Exchange {
  /** Upper case; a client may override it by `X-HTTP-Method-Override`. */
  method: string;
  /** The path the client asked for, with stage or base path: `$context.path`. */
  readonly fullPath: string;
  /** The part below stage or base path, encoded as sent. */
  readonly path: string;
  readonly rawQuery: string;
  /** Without the headers that never get past the gateway's door. Set by `parse`. */
  headers: RawHeaders = [];
  readonly requestId: string = randomUUID();
  readonly extendedRequestId: string = newExtendedRequestId();
  readonly startedAt = Date.now();
  /** `X-Amzn-Trace-Id` for backends and answers. */
  traceId = "";
  stageVariables: Record<string, string>;
  isCanary?: boolean;

  /** Set by `route`. */
  target?: Method;
  pathParameters: Record<string, string> = {};

  /** `$context.authorizer`, set by `authorize`. */
  authorizer?: Record<string, unknown>;
  /** Additions to `$context.identity`, by authorization and API keys. */
  identity: Record<string, unknown> = {};
  /** Key returned by an authorizer. */
  usageIdentifierKey?: string;
  wafResponseCode?: "WAF_ALLOW" | "WAF_BLOCK";

  overrides?: Overrides;
  integrationRequest?: IntegrationRequest;
  integrationResult?: IntegrationResult;
  answer?: Answer;
  error?: GatewayError;

  private queryCache?: Query;
  private bodyCache?: Promise<Buffer>;

  constructor(
    readonly runtime: Runtime,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly arrival: Arrival,
  ) {
    this.method = request.method ?? "GET";
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    this.rawQuery = mark < 0 ? "" : url.slice(mark + 1);
    this.stageVariables = runtime.stageVariables;
    if (arrival.domainName === undefined) {
      this.path = path;
      this.fullPath = `/${runtime.stage}${path}`;
    } else {
      this.fullPath = path;
      this.path = arrival.basePath ? path.slice(arrival.basePath.length + 1) || "/" : path;
    }
  }

  get query(): Query {
    this.queryCache ??= new Query(this.rawQuery);
    return this.queryCache;
  }

  get sourceIp(): string {
    return this.arrival.sourceIp ?? plainAddress(this.request.socket?.remoteAddress);
  }

  header(lowerName: string): string | undefined {
    return headerValue(this.headers, lowerName);
  }

  /** The whole body, read once. @throws RequestTooLarge */
  body(): Promise<Buffer> {
    this.bodyCache ??= this.runtime.readBody(this.request);
    return this.bodyCache;
  }

  /** Whether the client announced a body. */
  get hasBody(): boolean {
    const { headers } = this.request;
    return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  }

  startTrace(): void {
    this.traceId = completeTraceId(
      this.request.headers["x-amzn-trace-id"] as string | undefined,
      this.startedAt,
    );
  }

  /** `$context`, as far as it is known by now; a fresh object each time. */
  context(): Record<string, unknown> {
    return this.runtime.contextOf(this);
  }
}

/** IPv4 addresses mapped into IPv6 are written as IPv4. */
export function plainAddress(address: string | undefined): string {
  if (!address) return "127.0.0.1";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
