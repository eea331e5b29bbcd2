import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decompress, readBody } from "./body";
import type { GatewayError } from "./errors";
import { headerValue, type RawHeaders } from "./headers";
import type { Overrides } from "./mapping/overrides";
import type { Method } from "./model";
import { Query } from "./query";
import type { Runtime } from "./runtime";
import { completeTraceId, newExtendedRequestId } from "./trace";

/** How a request reached the API, unless by the stage's own invoke URL. */
export interface Ingress {
  sourceIp?: string;
  /** A custom domain; `$context.domainName`. */
  domainName?: string;
  /** Path of the API mapping without slashes at either end; not part of the API's resource paths. */
  basePath?: string;
}

/** What the client gets, before it is written. */
export interface MethodResponse {
  status: number;
  headers: RawHeaders;
  body: Buffer | string;
}

/** What the backend of a custom integration returned. */
export interface IntegrationResponse {
  status: number;
  headers: RawHeaders;
  body: Buffer;
}

/** One request and what the handlers find out about it; each fills in its own part. */
export class Exchange {
  /** Upper case; a client may override it with `X-HTTP-Method-Override`. */
  method: string;
  /** The path the client requested, with stage or base path: `$context.path`. */
  readonly fullPath: string;
  /** The part after stage or base path, encoded as sent. */
  readonly path: string;
  readonly rawQuery: string;
  /** Without the headers API Gateway strips. Set by `parse`. */
  headers: RawHeaders = [];
  readonly requestId: string = randomUUID();
  readonly extendedRequestId: string = newExtendedRequestId();
  readonly startedAt = Date.now();
  /** `X-Amzn-Trace-Id` for backends and responses. */
  traceId = "";
  stageVariables: Record<string, string>;
  isCanary?: boolean;

  /** Set by `route`. */
  target?: Method;
  pathParameters: Record<string, string> = {};

  /** `$context.authorizer`, set by `authorize`. */
  authorizer?: Record<string, unknown>;
  /** Additions to `$context.identity` from authorization and API keys. */
  identity: Record<string, unknown> = {};
  /** API key returned by an authorizer. */
  usageIdentifierKey?: string;
  wafResponseCode?: "WAF_ALLOW" | "WAF_BLOCK";

  overrides?: Overrides;
  methodResponse?: MethodResponse;
  error?: GatewayError;

  private queryCache?: Query;
  private bodyCache?: Promise<Buffer>;

  constructor(
    readonly runtime: Runtime,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly ingress: Ingress,
  ) {
    this.method = request.method ?? "GET";
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    this.rawQuery = mark < 0 ? "" : url.slice(mark + 1);
    this.stageVariables = runtime.stageVariables;
    if (ingress.domainName === undefined) {
      this.path = path;
      this.fullPath = `/${runtime.stage}${path}`;
    } else {
      this.fullPath = path;
      this.path = ingress.basePath ? path.slice(ingress.basePath.length + 1) || "/" : path;
    }
  }

  get query(): Query {
    this.queryCache ??= new Query(this.rawQuery);
    return this.queryCache;
  }

  get sourceIp(): string {
    return this.ingress.sourceIp ?? plainAddress(this.request.socket?.remoteAddress);
  }

  pathParameter(name: string): string | undefined {
    return Object.hasOwn(this.pathParameters, name) ? this.pathParameters[name] : undefined;
  }

  header(lowerName: string): string | undefined {
    return headerValue(this.headers, lowerName);
  }

  /** The whole body, read once. @throws GatewayError REQUEST_TOO_LARGE */
  body(): Promise<Buffer> {
    this.bodyCache ??= this.readBody();
    return this.bodyCache;
  }

  private async readBody(): Promise<Buffer> {
    const body = await readBody(this.request);
    return this.decompressesBody && body.length > 0
      ? decompress(body, this.request.headers["content-encoding"])
      : body;
  }

  /** Whether the body is compressed and the API decompresses it. */
  get decompressesBody(): boolean {
    return (
      this.runtime.api.minimumCompressionSize !== undefined &&
      this.request.headers["content-encoding"] !== undefined
    );
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
}

/** IPv4 addresses mapped into IPv6 are written as IPv4. */
export function plainAddress(address: string | undefined): string {
  if (!address) return "127.0.0.1";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
