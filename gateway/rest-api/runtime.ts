import { createHash } from "node:crypto";
import { Agent, type Dispatcher } from "undici";
import { partitionOf } from "../../lib/arn";
import type { RestApi } from "./model";
import type { GatewayOptions } from "./options";

/** One served stage: its API, settings and open connections. Stages share no state. */
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

  /** Connections to backends, kept alive until `close`. */
  dispatcher(insecure: boolean): Dispatcher {
    if (insecure) {
      this.insecureAgent ??= newAgent({ rejectUnauthorized: false });
      return this.insecureAgent;
    }
    this.agent ??= newAgent({});
    return this.agent;
  }

  /** ARN of the request, as passed to authorizers and named in policies: `…/stage/METHOD/path`. */
  methodArn(method: string, path: string): string {
    return `${this.apiArn}/${this.stage}/${method}/${path.replace(/^\/+/, "")}`;
  }

  get apiArn(): string {
    return `arn:${this.partition}:execute-api:${this.region}:${this.accountId}:${this.apiId}`;
  }

  readonly log = (line: string): void => this.options.log?.(line);

  async close(): Promise<void> {
    await Promise.all([this.agent?.destroy(), this.insecureAgent?.destroy()]);
  }
}

function newAgent(tls: { rejectUnauthorized?: boolean }): Agent {
  return new Agent({
    connections: 128,
    pipelining: 1,
    keepAliveTimeout: 20_000,
    // The integration's timeout applies instead.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000, ...tls },
  });
}

function shortId(text: string, length: number): string {
  const number = BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 20)}`);
  return number.toString(36).slice(0, length);
}
