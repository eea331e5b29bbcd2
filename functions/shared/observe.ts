import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** Logs and metrics of a function. They never contain a caller's headers, tokens or groups. */
export interface Observer {
  logger: Logger;
  /** Adds a count to the metrics of this invocation. */
  count(name: string, value?: number): void;
  /** Adds a duration in milliseconds to the metrics of this invocation. */
  duration(name: string, milliseconds: number): void;
  /** Runs one invocation: traces it when X-Ray samples it, publishes its metrics at the end. */
  run<Result>(invocation: () => Promise<Result>): Promise<Result>;
}

/** `service` and `dimensions` become the metrics' dimensions, in the namespace Gateway. */
export function observer(service: string, dimensions: Record<string, string> = {}): Observer {
  const logger = new Logger({ serviceName: service, persistentKeys: dimensions });
  const metrics = new Metrics({ namespace: "Gateway", serviceName: service, defaultDimensions: dimensions });

  return {
    logger,
    count: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
    duration: (name, milliseconds) => metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds),
    async run(invocation) {
      try {
        return isSampled() ? await traced(service, invocation) : await invocation();
      } finally {
        metrics.publishStoredMetrics();
      }
    },
  };
}

/**
 * The X-Ray SDK takes as long to load as everything else, so the first request that X-Ray samples loads it (by
 * default one per second and 5 % of the others), not the start.
 */
function isSampled(): boolean {
  return process.env._X_AMZN_TRACE_ID?.includes("Sampled=1") === true;
}

let loaded: ReturnType<typeof loadTracer> | undefined;

async function loadTracer(serviceName: string) {
  const { Tracer } = await import("@aws-lambda-powertools/tracer");
  return new Tracer({ serviceName });
}

async function traced<Result>(name: string, invocation: () => Promise<Result>): Promise<Result> {
  loaded ??= loadTracer(name);
  const tracer = await loaded;
  if (!tracer.isTracingEnabled()) return invocation();
  // Lambda's own segment is read-only; annotations need a subsegment.
  const segment = tracer.getSegment();
  const subsegment = segment?.addNewSubsegment(`## ${name}`);
  if (segment === undefined || subsegment === undefined) return invocation();
  tracer.setSegment(subsegment);
  try {
    return await invocation();
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error);
    throw error;
  } finally {
    subsegment.close();
    tracer.setSegment(segment);
  }
}
