import { hasDotSegment } from "../../lib/dot-segments";
import { AUTHORIZER_TIMEOUT_MS } from "../../lib/quotas";
import { withTimeout } from "../../lib/timeout";
import type { HttpLimits } from "../shared/http";
import { observer } from "../shared/observe";
import { cached } from "./cache";
import { decide, deny } from "./decide";
import { globus } from "./globus";
import type { Identity } from "./identity";
import { jwt } from "./jwt";
import { type AuthorizerResult, type Decision, pathOf, policyOf, resourceOf } from "./policy";
import { type SecretReader, sameSecret, secretReader, staleOnError } from "./secrets";
import { readSettings, type Settings } from "./settings";

/** The event of a TOKEN authorizer. */
export interface AuthorizerEvent {
  type?: string;
  authorizationToken?: unknown;
  methodArn?: unknown;
}

/** Less than the function's own timeout of 9 seconds, so that a late decision is logged as one. */
const longestDecision = AUTHORIZER_TIMEOUT_MS - 1_500;

/** One authorizer: decides about one request's `Authorization` header. */
export type Authorizer = (event: AuthorizerEvent) => Promise<AuthorizerResult>;

/**
 * Creates the authorizer that an environment describes; see `readSettings`. `limits` bound each request to the
 * identity provider, `decisionMs` all of them and the secret's together.
 * @throws when the environment is incomplete.
 */
export function createAuthorizer(
  environment: NodeJS.ProcessEnv,
  limits?: Partial<HttpLimits>,
  decisionMs = longestDecision,
): Authorizer {
  const settings = readSettings(environment);
  const { logger, count, duration, run } = observer("authorizer", { access: settings.level });
  const readSecrets = secretsOf(settings, (error) => {
    count("SecretStale");
    logger.warn("The last known secrets are used", { reason: error.message });
  });
  const identity = cached(identityOf(settings, readSecrets, limits));

  const isProcessSecret = async (token: string): Promise<boolean> => {
    const { processSecret } = await readSecrets();
    return processSecret !== undefined && sameSecret(token, processSecret);
  };

  const decideAbout = async (event: AuthorizerEvent): Promise<Decision> => {
    if (hasDotSegment(pathOf(event.methodArn))) {
      // A cached Deny would apply to the caller's other requests too; API Gateway does not cache a 401.
      if (settings.scope === "stage") throw new Error("Unauthorized");
      return deny("The path contains a dot segment");
    }
    if (typeof event.authorizationToken !== "string") throw new Error("authorizationToken is missing");
    return decide(event.authorizationToken, { settings, identity, isProcessSecret });
  };

  /** @throws when no decision can be made; API Gateway then responds with 500 (AUTHORIZER_FAILURE). */
  const respond = async (event: AuthorizerEvent): Promise<AuthorizerResult> => {
    const start = performance.now();
    try {
      const resource = resourceOf(event?.methodArn, settings.scope);
      const decision = await withTimeout(
        decisionMs,
        () => decideAbout(event),
        () => new Error(`No decision within ${decisionMs} ms`),
      );
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

  return (event) => run(() => respond(event));
}

function secretsOf({ secretArn }: Settings, onStale: (error: Error) => void): SecretReader {
  return secretArn === undefined ? async () => ({}) : staleOnError(secretReader(secretArn), onStale);
}

function identityOf(
  { identity }: Settings,
  readSecrets: SecretReader,
  limits?: Partial<HttpLimits>,
): Identity {
  return identity.provider === "jwt" ? jwt(identity, limits) : globus(identity, readSecrets, limits);
}
