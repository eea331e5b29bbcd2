import { createHash } from "node:crypto";
import type { Identity, Verdict } from "./identity";

/** Bounds of the verdict cache. Times in milliseconds. */
export interface CacheLimits {
  size: number;
  /** How long a caller is kept at most; never beyond the token's expiry. */
  callerMs: number;
  /** How long a refusal is kept. */
  refusalMs: number;
}

export const defaultLimits: CacheLimits = { size: 1000, callerMs: 60_000, refusalMs: 5_000 };

/**
 * Keeps verdicts and evicts the least recently used. A provider's failure is not a verdict and is not kept.
 * Keys are hashes: a heap dump holds no token, and a huge one takes no more memory.
 */
export function cached(identity: Identity, limits = defaultLimits, now = Date.now): Identity {
  const verdicts = new Map<string, { verdict: Verdict; until: number }>();

  return {
    ...identity,
    async verify(token) {
      const key = createHash("sha256").update(token).digest("base64");
      const known = verdicts.get(key);
      if (known !== undefined) verdicts.delete(key);
      if (known !== undefined && now() < known.until) {
        verdicts.set(key, known);
        return known.verdict;
      }
      const verdict = await identity.verify(token);
      const until = endOf(verdict, now());
      if (until > now()) {
        verdicts.set(key, { verdict, until });
        if (verdicts.size > limits.size) verdicts.delete(verdicts.keys().next().value as string);
      }
      return verdict;
    },
  };

  function endOf(verdict: Verdict, time: number): number {
    if ("refused" in verdict) return time + limits.refusalMs;
    return Math.min(time + limits.callerMs, verdict.caller.expiresAt ?? Number.POSITIVE_INFINITY);
  }
}
