import { createHash, timingSafeEqual } from "node:crypto";
import { parseArn } from "../../lib/arn";
import { isObject } from "../../lib/json";

/** The secrets of one stage: the JSON value of a Secrets Manager secret or SSM parameter. */
export interface Secrets {
  /** Globus: the application's client secret. */
  clientSecret?: string;
  /** Token of the operator's own processes, allowed at every level. Absent: there is none. */
  processSecret?: string;
}

const maxAge = 300;

/**
 * A client for the secret's Region, with one retry and short timeouts. Without `throwOnRequestTimeout` the SDK only
 * logs a request that takes too long. Source: @smithy/types, NodeHttpHandlerOptions.
 */
function clientConfig(arn: string) {
  return {
    region: parseArn(arn)?.region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  };
}

/** Returns the secrets; with `fresh` always from the store. */
export type SecretReader = (options?: { fresh?: boolean }) => Promise<Secrets>;

/**
 * Reads secrets by ARN through Powertools Parameters, which keeps them for five minutes.
 * Powertools is loaded at first use: the AWS SDK takes longer to load than everything else together.
 * Errors say what failed and never quote the store's response.
 */
export function secretReader(arn: string): SecretReader {
  let get: Promise<(forceFetch: boolean) => Promise<unknown>> | undefined;
  return async ({ fresh = false } = {}) => {
    get ??= parseArn(arn)?.service === "ssm" ? parameterGetter(arn) : secretGetter(arn);
    const read = await get;
    return parseSecrets(await read(fresh).catch((error) => Promise.reject(unreadable(error))));
  };
}

/** How long the last known secrets may replace those of a store that fails. */
const longestStaleMs = 4 * 3600 * 1000;
/** How long a failing store is left alone: each attempt costs a request up to four seconds. */
const pauseMs = 30_000;

/**
 * Falls back on the last known secrets when the store fails, so that its outage does not refuse everybody. With
 * `fresh` it does not: the last known ones were refused.
 * @param onStale called with the store's error each time the store was tried
 */
export function staleOnError(
  read: SecretReader,
  onStale: (error: Error) => void,
  now: () => number = Date.now,
): SecretReader {
  let last: { secrets: Secrets; readAt: number } | undefined;
  let pausedUntil = 0;
  return async (options = {}) => {
    if (last !== undefined && !options.fresh && now() < pausedUntil) return last.secrets;
    try {
      const secrets = await read(options);
      last = { secrets, readAt: now() };
      return secrets;
    } catch (error) {
      if (last === undefined || options.fresh || now() - last.readAt > longestStaleMs) throw error;
      pausedUntil = now() + pauseMs;
      onStale(error as Error);
      return last.secrets;
    }
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

/** Drops the message and cause of the original: a parser's message quotes what it could not parse. */
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
  if (!isObject(value)) throw new Error("The secret's value is not a JSON object");
  const { clientSecret, processSecret } = value;
  if (clientSecret !== undefined && (typeof clientSecret !== "string" || clientSecret === "")) {
    throw new Error("The secret's clientSecret is not a string");
  }
  if (processSecret !== undefined && (typeof processSecret !== "string" || processSecret.length < 16)) {
    throw new Error("The secret's processSecret is not a string of 16 characters or more");
  }
  return {
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(processSecret === undefined ? {} : { processSecret }),
  };
}

/** Compares in constant time: both texts are hashed first, so that their lengths are equal. */
export function sameSecret(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
