import { createHash, timingSafeEqual } from "node:crypto";

/** The secrets of one stage, as the JSON value of one Secrets Manager secret or SSM parameter. */
export interface Secrets {
  /** Globus: the application's client secret. */
  clientSecret?: string;
  /** The secret by which the operator's own processes are allowed at every level; absent: there is none. */
  processSecret?: string;
}

const maxAge = 300;

/**
 * The store of the secret's own region, asked twice at most and given up in good time. The SDK only logs a request
 * that takes too long unless it is told to throw. Source: @smithy/types, NodeHttpHandlerOptions.
 */
function clientConfig(arn: string) {
  return {
    region: arn.split(":")[3],
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  };
}

/** Gives the secrets; `fresh` asks the store even when they are known. */
export type SecretReader = (options?: { fresh?: boolean }) => Promise<Secrets>;

/**
 * Reads secrets by ARN through Powertools Parameters, which keeps them for five minutes.
 * Loaded at the first use: the AWS SDK takes longer to load than everything else together.
 * Errors say what failed and never quote the store's answer.
 */
export function secretReader(arn: string): SecretReader {
  let get: Promise<(forceFetch: boolean) => Promise<unknown>> | undefined;
  return async ({ fresh = false } = {}) => {
    get ??= arn.split(":")[2] === "ssm" ? parameterGetter(arn) : secretGetter(arn);
    const read = await get;
    return parseSecrets(await read(fresh).catch((error) => Promise.reject(unreadable(error))));
  };
}

async function secretGetter(arn: string) {
  const { SecretsProvider } = await import("@aws-lambda-powertools/parameters/secrets");
  const provider = new SecretsProvider({ clientConfig: clientConfig(arn) });
  return (forceFetch: boolean) => provider.get(arn, { maxAge, forceFetch });
}

async function parameterGetter(arn: string) {
  const { SSMProvider } = await import("@aws-lambda-powertools/parameters/ssm");
  const provider = new SSMProvider({ clientConfig: clientConfig(arn) });
  return (forceFetch: boolean) => provider.get(arn, { maxAge, forceFetch, decrypt: true });
}

/** Without message and cause of the original: a parser's message quotes what it could not parse. */
function unreadable(error: Error): Error {
  const reason = error.cause instanceof Error ? error.cause.name : error.name;
  return new Error(`The secret cannot be read: ${reason}`);
}

/** @throws without quoting the value when it is not a JSON object with these keys. */
export function parseSecrets(text: unknown): Secrets {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null) throw new Error("The secret's value is not a JSON object");
  const { clientSecret, processSecret } = value as Record<string, unknown>;
  if (clientSecret !== undefined && (typeof clientSecret !== "string" || clientSecret === "")) {
    throw new Error("The secret's clientSecret is not a text");
  }
  if (processSecret !== undefined && (typeof processSecret !== "string" || processSecret.length < 16)) {
    throw new Error("The secret's processSecret is not a text of 16 characters or more");
  }
  return {
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(processSecret === undefined ? {} : { processSecret }),
  };
}

/** Compares in a time that tells nothing about either text: both are hashed first. */
export function sameSecret(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
