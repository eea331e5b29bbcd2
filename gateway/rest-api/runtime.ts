import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Agent, type Dispatcher } from "undici";
import { decompress } from "./compression";
import { RequestTooLarge } from "./errors";
import type { Exchange } from "./exchange";
import type { RestApi } from "./model";
import type { GatewayOptions } from "./options";
import { requestContext } from "./request-context";

/** "Payload size: 10 MB" (API Gateway quotas). */
export const PAYLOAD_LIMIT = 10 * 1024 * 1024;

/** One served stage: its API, settings and everything it holds open. Nothing is shared with another. */
export class Runtime {
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly partition: string;
  readonly domainName: string;
  readonly deploymentId: string;
  readonly stageVariables: Record<string, string>;
  readonly webAclArn?: string;
  private agent?: Agent;
  private insecureAgent?: Agent;

  constructor(
    readonly api: RestApi,
    readonly options: GatewayOptions,
  ) {
    this.stage = options.stage ?? "test";
    this.region = options.region ?? "us-east-1";
    this.accountId = options.accountId ?? "123456789012";
    this.apiId = options.apiId ?? shortId(api.name, 10);
    this.partition = partitionOf(this.region);
    this.domainName = `${this.apiId}.execute-api.${this.region}.amazonaws.com`;
    this.deploymentId = shortId(`${api.name}/${this.stage}`, 6);
    this.stageVariables = { ...options.stageVariables };
    this.webAclArn = options.webAcl?.arn;
  }

  contextOf(exchange: Exchange): Record<string, unknown> {
    return requestContext(exchange);
  }

  /** Connections to backends, kept alive until `close`. */
  dispatcher(insecure: boolean): Dispatcher {
    if (insecure) {
      this.insecureAgent ??= newAgent({ rejectUnauthorized: false });
      return this.insecureAgent;
    }
    this.agent ??= newAgent({});
    return this.agent;
  }

  /** @throws RequestTooLarge for more than 10 MB */
  async readBody(request: IncomingMessage): Promise<Buffer> {
    if (Number(request.headers["content-length"] ?? 0) > PAYLOAD_LIMIT) throw new RequestTooLarge();
    const body = await gather(request);
    return this.api.minimumCompressionSize === undefined
      ? body
      : decompress(body, request.headers["content-encoding"]);
  }

  /** ARN of the request, as authorizers get it and policies name it: `…/stage/METHOD/path`. */
  methodArn(method: string, path: string): string {
    return `${this.apiArn}/${this.stage}/${method}/${path.replace(/^\/+/, "")}`;
  }

  get apiArn(): string {
    return `arn:${this.partition}:execute-api:${this.region}:${this.accountId}:${this.apiId}`;
  }

  log(line: string): void {
    this.options.log?.(line);
  }

  async close(): Promise<void> {
    await Promise.all([this.agent?.destroy(), this.insecureAgent?.destroy()]);
  }
}

function gather(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > PAYLOAD_LIMIT) reject(new RequestTooLarge());
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete) reject(new Error("The client closed the connection"));
    });
  });
}

function newAgent(tls: { rejectUnauthorized?: boolean }): Agent {
  return new Agent({
    connections: 128,
    pipelining: 1,
    keepAliveTimeout: 20_000,
    // The integration's own timeout rules; these would fire first or not at all.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000, ...tls },
  });
}

export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function shortId(text: string, length: number): string {
  const number = BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 20)}`);
  return number.toString(36).slice(0, length);
}
