import { Throttled } from "../errors";
import type { MethodSettings } from "../options";
import type { Stage } from "../pipeline";
import { TokenBucket } from "../token-bucket";

/** A stage's limits for a method; undefined when it has none. */
export function throttle(settings: MethodSettings): Stage | undefined {
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
  if (rate === undefined && burst === undefined) return undefined;
  // A negative limit means none (Terraform and Pulumi write -1).
  if ((rate ?? -1) < 0 && (burst ?? -1) < 0) return undefined;
  const bucket = new TokenBucket(rate ?? 10_000, burst ?? 5_000);
  return () => {
    if (!bucket.take()) throw new Throttled("stage or method limit");
  };
}
