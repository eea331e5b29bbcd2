/** The result of `work`, or a rejection with `error()` when it takes longer than `ms`. */
export async function withTimeout<T>(ms: number, work: () => Promise<T>, error: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work(),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(error()), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * How long API Gateway waits for a Lambda authorizer. AWS documents "Timeout for Lambda authorizer response: 10000 ms" for
 * HTTP APIs ("Quotas for configuring and running an HTTP API") and no value for REST APIs, to whose authorizers the
 * integration timeout does not apply. The shorter documented value is used for both.
 */
export const AUTHORIZER_TIMEOUT_MS = 10_000;
