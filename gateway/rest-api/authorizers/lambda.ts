import { isObject } from "../definition/document";
import {
  AccessDenied,
  AuthorizerConfigurationError,
  AuthorizerFailure,
  GatewayError,
  Unauthorized,
} from "../errors";
import type { Exchange } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import { proxyRequest } from "../integrations/lambda-event";
import { findFunction, functionError } from "../lambda";
import { javaRegex } from "../mapping/java";
import { lookup } from "../mapping/lookup";
import type { LambdaAuthorizer } from "../model";
import type { Runtime } from "../runtime";
import { compilePolicy, evaluate, type Statement } from "./policy";

/** What a call of the function yields and the cache holds. */
interface Authorization {
  statements: Statement[];
  /** `$context.authorizer` */
  context: Record<string, unknown>;
  usageIdentifierKey?: string;
}

/** A Lambda function may run for 29 s behind API Gateway. */
const TIMEOUT_MS = 29_000;

/**
 * A Lambda authorizer of one stage with its result cache
 * (guide: "Use API Gateway Lambda authorizers", input, output; knowledge center: 401 and 403 with Lambda authorizers).
 */
export class LambdaAuthorization {
  private readonly cache = new ExpiringMap<Authorization>();
  private readonly validation?: RegExp;

  constructor(
    private readonly runtime: Runtime,
    private readonly authorizer: LambdaAuthorizer,
  ) {
    if (authorizer.identityValidation) this.validation = javaRegex(`^(?:${authorizer.identityValidation})$`);
  }

  async authorize(exchange: Exchange): Promise<void> {
    const identity = this.identityOf(exchange);
    const authorization = await this.resultFor(exchange, identity);
    const decision = evaluate(authorization.statements, {
      action: "execute-api:Invoke",
      resource: this.runtime.methodArn(exchange.method, exchange.path),
      conditions: { "aws:sourceip": exchange.sourceIp },
    });
    exchange.authorizer = authorization.context;
    if (decision !== "allow") {
      throw new AccessDenied(
        decision === "explicit deny"
          ? "User is not authorized to access this resource with an explicit deny"
          : "User is not authorized to access this resource",
      );
    }
    exchange.usageIdentifierKey = authorization.usageIdentifierKey;
  }

  /** The values of the identity sources; one that is missing or empty is a 401 without a call. */
  private identityOf(exchange: Exchange): string[] {
    return this.authorizer.identitySources.map((source) => {
      const value = identityValue(exchange, source);
      if (!value) throw new Unauthorized(`the identity source ${source} is missing`);
      if (this.authorizer.type === "TOKEN" && this.validation && !this.validation.test(value)) {
        throw new Unauthorized("the token does not match the validation expression");
      }
      return value;
    });
  }

  private async resultFor(exchange: Exchange, identity: string[]): Promise<Authorization> {
    const ttl = this.authorizer.ttlSeconds;
    if (ttl <= 0 || identity.length === 0) return this.invoke(exchange, identity);
    const key = identity.length === 1 ? (identity[0] as string) : JSON.stringify(identity);
    const cached = this.cache.get(key);
    if (cached) return { ...cached, context: { ...cached.context, integrationLatency: 0 } };
    const authorization = await this.invoke(exchange, identity);
    this.cache.set(key, authorization, ttl * 1000);
    return authorization;
  }

  private async invoke(exchange: Exchange, identity: string[]): Promise<Authorization> {
    const handler = findFunction(this.runtime, this.authorizer.uri, exchange.stageVariables);
    if (!handler) {
      throw new AuthorizerConfigurationError(`no function for the authorizer ${this.authorizer.name}`);
    }
    const started = Date.now();
    const event = this.eventFor(exchange, identity);
    let timer: NodeJS.Timeout | undefined;
    try {
      const result = await Promise.race([
        handler(event),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new AuthorizerFailure("the authorizer timed out")), TIMEOUT_MS);
        }),
      ]);
      return readResult(result, Date.now() - started);
    } catch (thrown) {
      if (thrown instanceof GatewayError) throw thrown;
      const error = functionError(thrown);
      // The one text that makes a 401: exactly this word (guide, example of a token-based authorizer).
      if (error.errorMessage === "Unauthorized") throw new Unauthorized("the authorizer said so");
      throw new AuthorizerFailure(`the authorizer failed: ${error.errorMessage}`);
    } finally {
      clearTimeout(timer);
    }
  }

  private eventFor(exchange: Exchange, identity: string[]): Record<string, unknown> {
    const methodArn = this.runtime.methodArn(exchange.method, exchange.path);
    if (this.authorizer.type === "TOKEN") {
      return { type: "TOKEN", methodArn, authorizationToken: identity[0] };
    }
    const request = proxyRequest(exchange);
    return {
      type: "REQUEST",
      methodArn,
      ...request,
      queryStringParameters: request.queryStringParameters ?? {},
      multiValueQueryStringParameters: request.multiValueQueryStringParameters ?? {},
      pathParameters: request.pathParameters ?? {},
      stageVariables: request.stageVariables ?? {},
    };
  }
}

function identityValue(exchange: Exchange, source: string): string | undefined {
  const header = /^method\.request\.(?:multivalue)?header\.(.+)$/.exec(source);
  if (header) return exchange.header((header[1] as string).toLowerCase());
  const query = /^method\.request\.(?:multivalue)?querystring\.(.+)$/.exec(source);
  if (query) return exchange.query.get(query[1] as string);
  if (source.startsWith("stageVariables."))
    return exchange.stageVariables[source.slice("stageVariables.".length)];
  if (source.startsWith("context.")) {
    const value = lookup(exchange.context(), source.split(".").slice(1));
    return value === undefined || value === null ? undefined : String(value);
  }
  return undefined;
}

/** @throws AuthorizerConfigurationError for what AWS cannot read as an authorizer's answer. */
function readResult(value: unknown, latency: number): Authorization {
  const result = typeof value === "string" ? parsed(value) : value;
  if (!isObject(result)) throw new AuthorizerConfigurationError("Could not parse policy");
  const principal = result.principalId;
  if (principal === undefined || principal === null || typeof principal === "object") {
    throw new AuthorizerConfigurationError("the authorizer's answer has no principalId");
  }
  const context: Record<string, unknown> = { principalId: String(principal), integrationLatency: latency };
  if (result.context !== undefined && result.context !== null) {
    if (!isObject(result.context)) throw new AuthorizerConfigurationError("the context is not an object");
    for (const [key, entry] of Object.entries(result.context)) {
      if (entry === null) continue;
      // "you cannot set a JSON object or array as a valid value of any key in the context map"
      if (typeof entry === "object")
        throw new AuthorizerConfigurationError(`the context key ${key} is not a scalar`);
      context[key] = String(entry);
    }
  }
  try {
    return {
      statements: compilePolicy(result.policyDocument),
      context,
      usageIdentifierKey:
        typeof result.usageIdentifierKey === "string" ? result.usageIdentifierKey : undefined,
    };
  } catch (error) {
    throw new AuthorizerConfigurationError(`Could not parse policy: ${(error as Error).message}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
