import type { HttpLimits } from "../shared/http";
import { observer } from "../shared/observe";
import { cached } from "./cache";
import { decide } from "./decide";
import { globus } from "./globus";
import type { Identity } from "./identity";
import { jwt } from "./jwt";
import { type AuthorizerResult, type Decision, policyOf, resourceOf } from "./policy";
import { type SecretReader, sameSecret, secretReader } from "./secrets";
import { readSettings, type Settings } from "./settings";

/** The event of a TOKEN authorizer. */
export interface AuthorizerEvent {
  type?: string;
  authorizationToken?: unknown;
  methodArn?: unknown;
}

/** API Gateway waits 10 seconds for an authorizer; the function itself may take 9. */
const longestDecision = 8_500;

/** One authorizer: decides about one request's `Authorization` header. */
export type Authorizer = (event: AuthorizerEvent) => Promise<AuthorizerResult>;

/**
 * Makes the authorizer that an environment describes; see `readSettings`. `limits` are the bounds of each
 * request to the identity provider, `decisionMs` that of all of them and the secret's together.
 * @throws when the environment is incomplete.
 */
export function createAuthorizer(
  environment: NodeJS.ProcessEnv,
  limits?: Partial<HttpLimits>,
  decisionMs = longestDecision,
): Authorizer {
  const settings = readSettings(environment);
  const readSecrets = secretsOf(settings);
  const identity = cached(identityOf(settings, readSecrets, limits));
  const { logger, count, duration, run } = observer("authorizer", { access: settings.level });

  const isProcessSecret = async (token: string): Promise<boolean> => {
    const { processSecret } = await readSecrets();
    return processSecret !== undefined && sameSecret(token, processSecret);
  };

  const decideAbout = async (header: unknown): Promise<Decision> => {
    if (typeof header !== "string") throw new Error("authorizationToken is missing");
    return decide(header, { settings, identity, isProcessSecret });
  };

  /** @throws when no decision can be made; API Gateway then answers 500 (AUTHORIZER_FAILURE). */
  const answer = async (event: AuthorizerEvent): Promise<AuthorizerResult> => {
    const start = performance.now();
    try {
      const resource = resourceOf(event?.methodArn, settings.scope);
      const decision = await withinTime(decideAbout(event.authorizationToken), decisionMs);
      if (decision.effect === "Allow") {
        count("Allowed");
      } else {
        count("Denied");
        logger.info("Denied", { reason: decision.hint, principalId: decision.principalId });
      }
      return policyOf(decision, resource);
    } catch (error) {
      count("Failed");
      const { name, message } = error instanceof Error ? error : new Error("unknown");
      logger.error("No decision", { reason: `${name}: ${message}` });
      throw error;
    } finally {
      duration("DecisionTime", performance.now() - start);
    }
  };

  return (event) => run(() => answer(event));
}

function secretsOf({ secretArn }: Settings): SecretReader {
  return secretArn === undefined ? async () => ({}) : secretReader(secretArn);
}

function identityOf(
  { identity }: Settings,
  readSecrets: SecretReader,
  limits?: Partial<HttpLimits>,
): Identity {
  return identity.provider === "jwt" ? jwt(identity, limits) : globus(identity, readSecrets, limits);
}

async function withinTime<Value>(value: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No decision within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
