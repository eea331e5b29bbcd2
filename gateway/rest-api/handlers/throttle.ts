import { GatewayError } from "../errors";
import type { Handler } from "../handler";
import type { MethodSettings } from "../options";
import { TokenBucket } from "../token-bucket";

/** The stage's limit for a method; undefined when it has none. */
export function throttle(settings: MethodSettings): Handler | undefined {
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
  if (rate === undefined && burst === undefined) return undefined;
  // Terraform and Pulumi write -1 for no limit.
  if ((rate ?? -1) < 0 && (burst ?? -1) < 0) return undefined;
  const bucket = new TokenBucket(rate ?? 10_000, burst ?? 5_000);
  return () => {
    if (!bucket.take()) throw new GatewayError("THROTTLED", "stage or method limit");
  };
}
