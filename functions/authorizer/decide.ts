import type { Caller, Identity } from "./identity";
import { IdentityUnavailable } from "./identity";
import { anonymous, type Decision } from "./policy";
import type { Settings } from "./settings";

/** What a decision depends on besides the header. */
export interface Deciders {
  settings: Pick<Settings, "groups" | "message" | "scope">;
  identity: Identity;
  /** Whether the token is the secret by which the operator's own processes call each other. */
  isProcessSecret(token: string): Promise<boolean>;
}

/**
 * Decides about one `Authorization` header value. The steps and their messages are a contract with clients:
 * see docs/functions.md.
 * @throws when no decision can be made; API Gateway responds with 500 (AUTHORIZER_FAILURE) and caches nothing.
 */
export async function decide(
  header: string,
  { settings, identity, isProcessSecret }: Deciders,
): Promise<Decision> {
  if (header === "") return deny("Empty value of Authorization header");
  if (!/^bearer /i.test(header)) return deny("Missing Bearer scheme in Authorization header value");
  const token = header.slice("Bearer".length).trim();
  const ofProcess: Decision = { effect: "Allow", principalId: anonymous };
  // The process secret must not be sent to a provider. Where nothing is sent, the token is verified first: valid
  // tokens then do not depend on the secret store.
  if (!identity.offline && (await isProcessSecret(token)) === true) return ofProcess;

  const verdict = await identity.verify(token).catch((error: unknown) => {
    // A Deny is cached like any policy and would outlive the provider's outage: only without caching does the
    // client get the hint instead of a 500.
    if (error instanceof IdentityUnavailable && error.hint !== undefined && settings.scope === "method") {
      return { refused: error.hint };
    }
    throw error;
  });
  if ("refused" in verdict) {
    if (identity.offline && (await isProcessSecret(token)) === true) return ofProcess;
    return deny(verdict.refused);
  }
  return holdsLevel(verdict.caller, settings.groups) === true
    ? { effect: "Allow", principalId: verdict.caller.principalId }
    : deny(settings.message, verdict.caller.principalId);
}

function holdsLevel(caller: Caller, groups: ReadonlySet<string>): boolean {
  return caller.groups.some((group) => groups.has(group));
}

export function deny(hint: string, principalId = anonymous): Decision {
  return { effect: "Deny", principalId, hint };
}
