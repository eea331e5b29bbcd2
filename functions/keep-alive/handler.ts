import { HttpError, request } from "../shared/http";
import { observer } from "../shared/observe";

/** What the schedule sends. */
export interface KeepAliveEvent {
  targets: Target[];
}

/** One API to call. */
interface Target {
  service: string;
  /** Its health route, through the public domain name. */
  url: string;
}

/**
 * Tries per target. A link that went inactive takes minutes to come back, while its first requests fail.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
 */
const tries = 4;

/**
 * Makes the function that calls every target's health route, all at once.
 * Environment: RETRY_SECONDS between two tries, 30 by default.
 * The function throws, naming each target that gave no 2xx or 3xx: other answers may be the gateway's own, and
 * say nothing about the link behind it.
 */
export function createKeepAlive(environment: NodeJS.ProcessEnv): (event: KeepAliveEvent) => Promise<void> {
  const waitMs = Number(environment.RETRY_SECONDS ?? 30) * 1000;
  const { logger, count, run } = observer("keep-alive");

  return (event) =>
    run(async () => {
      const results = await Promise.all(readTargets(event).map(callUntilAnswered));
      const failures = results.filter((result) => result !== undefined);
      count("Reached", results.length - failures.length);
      count("NotReached", failures.length);
      if (failures.length > 0) throw new Error(`No healthy answer from ${failures.join(", ")}`);
    });

  /** What went wrong at the last try; undefined when all is well. */
  async function callUntilAnswered(target: Target): Promise<string | undefined> {
    let reason = "";
    for (let attempt = 1; attempt <= tries; attempt++) {
      if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const answer = await call(target);
      if (typeof answer === "number" && answer >= 200 && answer < 400) {
        logger.info("Reached", { target: target.service, status: answer, attempt });
        return undefined;
      }
      reason = typeof answer === "number" ? `status ${answer}` : answer;
      logger.warn("Not reached", { target: target.service, reason, attempt });
    }
    return `${target.service} (${reason})`;
  }
}

async function call(target: Target): Promise<number | string> {
  try {
    const { status } = await request({
      url: target.url,
      limits: { connectMs: 5_000, totalMs: 30_000, retries: 0 },
    });
    return status;
  } catch (error) {
    if (error instanceof HttpError) return error.message;
    throw error;
  }
}

/** @throws when the event is anything else. */
function readTargets(event: unknown): Target[] {
  const { targets } = (event ?? {}) as { targets?: unknown };
  const isTarget = (item: unknown): item is Target => {
    const { service, url } = (item ?? {}) as Partial<Record<string, unknown>>;
    return typeof service === "string" && typeof url === "string" && /^https?:\/\//.test(url);
  };
  if (Array.isArray(targets) && targets.every(isTarget)) return targets;
  throw new Error("The event has no list targets of {service, url}");
}
