/** "API Gateway throttles requests using the token bucket algorithm, where a token counts for a request" (guide: throttling). */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now = Date.now(),
  ) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /** Takes a token; false when there is none. */
  take(now = Date.now()): boolean {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

const DAY = 24 * 60 * 60 * 1000;

/** A usage plan's quota; periods begin at midnight UTC, weeks on Sunday, months on the first. */
export class Quota {
  private used = 0;
  private period = "";

  constructor(
    private readonly limit: number,
    private readonly unit: "DAY" | "WEEK" | "MONTH",
  ) {}

  take(now = Date.now()): boolean {
    const period = periodOf(this.unit, now);
    if (period !== this.period) {
      this.period = period;
      this.used = 0;
    }
    if (this.used >= this.limit) return false;
    this.used += 1;
    return true;
  }
}

function periodOf(unit: "DAY" | "WEEK" | "MONTH", now: number): string {
  const date = new Date(now);
  if (unit === "MONTH") return `${date.getUTCFullYear()}-${date.getUTCMonth()}`;
  const day = Math.floor(now / DAY);
  return unit === "DAY" ? String(day) : String(day - date.getUTCDay());
}
