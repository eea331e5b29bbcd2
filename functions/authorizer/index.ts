import { cached } from "./cache";
import { decide } from "./decide";
import { globus } from "./globus";
import type { Identity } from "./identity";
import { type AuthorizerResult, policyOf, resourceOf } from "./policy";
import { sameSecret, secretReader } from "./secrets";
import { readSettings } from "./settings";

/** The event of a TOKEN authorizer. */
export interface AuthorizerEvent {
  type?: string;
  authorizationToken: string;
  methodArn: string;
}

const settings = readSettings(process.env);
const readSecrets =
  settings.secretArn === undefined ? async () => ({}) as never : secretReader(settings.secretArn);
const identity = cached(identityOf());

/** Decides about one request's `Authorization` header: an Allow or a Deny with a hint, or an error. */
export async function handler(event: AuthorizerEvent): Promise<AuthorizerResult> {
  const resource = resourceOf(event?.methodArn, settings.scope);
  if (typeof event.authorizationToken !== "string") throw new Error("authorizationToken is missing");
  const decision = await decide(event.authorizationToken, { settings, identity, isProcessSecret });
  return policyOf(decision, resource);
}

async function isProcessSecret(token: string): Promise<boolean> {
  if (settings.secretArn === undefined) return false;
  const { processSecret } = await readSecrets();
  return processSecret !== undefined && sameSecret(token, processSecret);
}

function identityOf(): Identity {
  if (settings.identity.provider === "jwt") throw new Error("not yet");
  return globus(settings.identity, async () => {
    const { clientSecret } = await readSecrets();
    if (clientSecret === undefined) throw new Error("The secret has no clientSecret");
    return clientSecret;
  });
}
