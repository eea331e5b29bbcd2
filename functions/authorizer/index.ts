import { observer } from "../shared/observe";
import { cached } from "./cache";
import { decide } from "./decide";
import { globus } from "./globus";
import type { Identity } from "./identity";
import { jwt } from "./jwt";
import { type AuthorizerResult, type Decision, policyOf, resourceOf } from "./policy";
import { type SecretReader, sameSecret, secretReader } from "./secrets";
import { readSettings } from "./settings";

/** The event of a TOKEN authorizer. */
export interface AuthorizerEvent {
  type?: string;
  authorizationToken?: unknown;
  methodArn?: unknown;
}

/** API Gateway waits 10 seconds for an authorizer; the function itself may take 9. */
const decisionMs = 8_500;

const settings = readSettings(process.env);
const readSecrets: SecretReader =
  settings.secretArn === undefined ? async () => ({}) : secretReader(settings.secretArn);
const identity = cached(identityOf());
const { logger, count, duration, run } = observer("authorizer", { access: settings.level });

/**
 * Decides about one request's `Authorization` header: an Allow, or a Deny with a hint.
 * @throws when no decision can be made; API Gateway then answers 500 (AUTHORIZER_FAILURE).
 */
export function handler(event: AuthorizerEvent): Promise<AuthorizerResult> {
  return run(async () => {
    const start = performance.now();
    try {
      const resource = resourceOf(event?.methodArn, settings.scope);
      const decision = await withinTime(decideAbout(event.authorizationToken));
      report(decision);
      return policyOf(decision, resource);
    } catch (error) {
      count("Failed");
      const { name, message } = error instanceof Error ? error : new Error("unknown");
      logger.error("No decision", { reason: `${name}: ${message}` });
      throw error;
    } finally {
      duration("DecisionTime", performance.now() - start);
    }
  });
}

async function decideAbout(header: unknown): Promise<Decision> {
  if (typeof header !== "string") throw new Error("authorizationToken is missing");
  return decide(header, { settings, identity, isProcessSecret });
}

function report(decision: Decision): void {
  if (decision.effect === "Allow") {
    count("Allowed");
  } else {
    count("Denied");
    logger.info("Denied", { reason: decision.hint, principalId: decision.principalId });
  }
}

async function isProcessSecret(token: string): Promise<boolean> {
  const { processSecret } = await readSecrets();
  return processSecret !== undefined && sameSecret(token, processSecret);
}

function identityOf(): Identity {
  return settings.identity.provider === "jwt"
    ? jwt(settings.identity)
    : globus(settings.identity, readSecrets);
}

async function withinTime<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No decision within ${decisionMs} ms`)), decisionMs);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
