import { prop, stringAt } from "../../lib/json";
import { HttpError, request } from "../shared/http";
import { observer } from "../shared/observe";

/** The input that the schedule sends. */
export interface KeepAliveEvent {
  targets: Target[];
}

/** One API to call. */
interface Target {
  service: string;
  /** Its health route, at the public domain name. */
  url: string;
}

/**
 * Attempts per target. An inactive link takes minutes to become available again; until then requests fail.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
 */
const attempts = 4;

/**
 * Creates the function that calls every target's health route, all of them in parallel.
 * Environment: RETRY_SECONDS between two attempts, 30 by default.
 * The function throws and names each target without a 2xx or 3xx: other responses may be the gateway's own, which say
 * nothing about the link behind it.
 */
export function createKeepAlive(environment: NodeJS.ProcessEnv): (event: KeepAliveEvent) => Promise<void> {
  const waitMs = Number(environment.RETRY_SECONDS ?? 30) * 1000;
  const { logger, count, run } = observer("keep-alive");

  return (event) =>
    run(async () => {
      const results = await Promise.all(readTargets(event).map(callWithRetries));
      const failures = results.filter((result) => result !== undefined);
      count("Reached", results.length - failures.length);
      count("NotReached", failures.length);
      if (failures.length > 0) throw new Error(`No healthy response from ${failures.join(", ")}`);
    });

  /** The failure of the last attempt; undefined after a success. */
  async function callWithRetries(target: Target): Promise<string | undefined> {
    let reason = "";
    for (let attempt = 1; attempt <= attempts; attempt++) {
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

/** @throws for any other event. */
function readTargets(event: unknown): Target[] {
  const targets = prop(event, "targets");
  const isTarget = (item: unknown): item is Target => {
    return stringAt(item, "service") !== undefined && /^https?:\/\//.test(stringAt(item, "url") ?? "");
  };
  if (Array.isArray(targets) && targets.every(isTarget)) return targets;
  throw new Error("The event has no list targets of {service, url}");
}
