import { at, isObject, stringAt } from "../../../lib/json";
import { AUTHORIZER_TIMEOUT_MS } from "../../../lib/quotas";
import { withTimeout } from "../../../lib/timeout";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import { proxyRequest } from "../integrations/lambda-event";
import { findFunction, functionError } from "../lambda";
import { javaRegex } from "../mapping/java-methods";
import type { LambdaAuthorizer } from "../model";
import { requestContext } from "../request-context";
import type { Runtime } from "../runtime";
import { compilePolicy, evaluate, type Statement } from "./policy";

/** The function's result, as cached. */
interface Authorization {
  statements: Statement[];
  /** `$context.authorizer` */
  context: Record<string, unknown>;
  usageIdentifierKey?: string;
}

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
      const suffix = decision === "explicit deny" ? " with an explicit deny" : "";
      throw new GatewayError("ACCESS_DENIED", "", {
        message: `User is not authorized to access this resource${suffix}`,
      });
    }
    exchange.usageIdentifierKey = authorization.usageIdentifierKey;
  }

  /** The values of the identity sources; a missing or empty one is a 401, and the function is not invoked. */
  private identityOf(exchange: Exchange): string[] {
    return this.authorizer.identitySources.map((source) => {
      const value = identityValue(exchange, source);
      if (!value) throw new GatewayError("UNAUTHORIZED", `the identity source ${source} is missing`);
      if (this.authorizer.type === "TOKEN" && this.validation && !this.validation.test(value)) {
        throw new GatewayError("UNAUTHORIZED", "the token does not match the validation expression");
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
      throw new GatewayError(
        "AUTHORIZER_CONFIGURATION_ERROR",
        `no function for the authorizer ${this.authorizer.name}`,
      );
    }
    const started = Date.now();
    const event = this.eventFor(exchange, identity);
    try {
      const result = await withTimeout(
        AUTHORIZER_TIMEOUT_MS,
        () => handler(event),
        () => new GatewayError("AUTHORIZER_FAILURE", "the authorizer timed out"),
      );
      return readResult(result, Date.now() - started);
    } catch (thrown) {
      if (thrown instanceof GatewayError) throw thrown;
      const error = functionError(thrown);
      // Only this exact text makes it a 401 (guide, example of a token-based authorizer).
      if (error.errorMessage === "Unauthorized")
        throw new GatewayError("UNAUTHORIZED", "the authorizer threw Unauthorized");
      throw new GatewayError("AUTHORIZER_FAILURE", `the authorizer failed: ${error.errorMessage}`);
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
    return stringAt(exchange.stageVariables, source.slice("stageVariables.".length));
  if (source.startsWith("context.")) {
    const value = at(requestContext(exchange), source.split(".").slice(1));
    return value === undefined || value === null ? undefined : String(value);
  }
  return undefined;
}

/** @throws GatewayError AUTHORIZER_CONFIGURATION_ERROR for what AWS does not accept as an authorizer's output */
function readResult(value: unknown, latency: number): Authorization {
  const result = typeof value === "string" ? parsed(value) : value;
  if (!isObject(result)) throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "Could not parse policy");
  const principal = result.principalId;
  if (principal === undefined || principal === null || principal === "" || typeof principal === "object") {
    throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "the authorizer's output has no principalId");
  }
  const context = new Map<string, unknown>([
    ["principalId", String(principal)],
    ["integrationLatency", latency],
  ]);
  if (result.context !== undefined && result.context !== null) {
    if (!isObject(result.context))
      throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", "the context is not an object");
    for (const [key, entry] of Object.entries(result.context)) {
      if (entry === null) continue;
      // "you cannot set a JSON object or array as a valid value of any key in the context map"
      if (typeof entry === "object")
        throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", `the context key ${key} is not a scalar`);
      context.set(key, String(entry));
    }
  }
  try {
    return {
      statements: compilePolicy(result.policyDocument),
      context: Object.fromEntries(context),
      usageIdentifierKey:
        typeof result.usageIdentifierKey === "string" ? result.usageIdentifierKey : undefined,
    };
  } catch (error) {
    throw new GatewayError(
      "AUTHORIZER_CONFIGURATION_ERROR",
      `Could not parse policy: ${(error as Error).message}`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
