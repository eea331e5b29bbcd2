import { environmentReader } from "../shared/environment";

/** What the environment says about one authorizer: its access level and the identity provider. It holds no secret. */
export interface Settings {
  /** Name of the access level, for logs and metrics. */
  level: string;
  /** Ids of the groups whose members have the level. */
  groups: ReadonlySet<string>;
  /** Hint on a Deny for a caller in none of these groups. */
  message: string;
  scope: PolicyScope;
  /** ARN of the Secrets Manager secret or SSM parameter with client and process secret. */
  secretArn: string | undefined;
  identity: GlobusSettings | JwtSettings;
}

/** "method": the exact method of the request; "stage": every method of the API's stage (needed when results are cached). */
export type PolicyScope = "method" | "stage";

export interface GlobusSettings {
  provider: "globus";
  clientId: string;
  introspectUrl: string;
  groupsUrl: string;
}

export interface JwtSettings {
  provider: "jwt";
  issuer: string;
  audience: string;
  jwksUrl: string;
  /** Scopes that a token must have, all of them. */
  scopes: readonly string[];
  /** Claim with the caller's groups: its name, or a path such as `realm_access.roles`. */
  groupsClaim: string;
}

type Reader = ReturnType<typeof environmentReader>;

/**
 * Reads the settings from a function's environment.
 * @throws naming every variable that is missing or malformed, all at once; never a value.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const reader = environmentReader(environment);
  const settings: Settings = {
    level: reader.text("ACCESS_LEVEL"),
    groups: new Set(reader.list("ACCESS_GROUPS")),
    message: reader.text("DENY_MESSAGE", "User token is not associated with the required group"),
    scope: reader.oneOf("POLICY_SCOPE", ["method", "stage"], "method"),
    secretArn: reader.text("SECRET_ARN", "") || undefined,
    identity: identityOf(reader),
  };
  if (settings.identity.provider === "globus" && settings.secretArn === undefined)
    reader.errors.push("SECRET_ARN is not set");
  if (reader.errors.length > 0)
    throw new Error(`The authorizer's environment is incomplete: ${reader.errors.join("; ")}`);
  return settings;
}

function identityOf(reader: Reader): Settings["identity"] {
  const provider = reader.oneOf("IDENTITY_PROVIDER", ["globus", "jwt"]);
  if (provider === "globus") {
    return {
      provider,
      clientId: reader.text("GLOBUS_CLIENT_ID"),
      introspectUrl: reader.url("GLOBUS_INTROSPECT_URL"),
      groupsUrl: reader.url("GLOBUS_GROUPS_URL"),
    };
  }
  const scopes = reader.list("JWT_SCOPES");
  // No token could have such a scope. Source: RFC 6749, 3.3.
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)))
    reader.errors.push("JWT_SCOPES has a scope with a blank, or an empty one");
  return {
    provider: "jwt",
    issuer: reader.text("JWT_ISSUER"),
    audience: reader.text("JWT_AUDIENCE"),
    jwksUrl: reader.url("JWT_JWKS_URL"),
    scopes,
    groupsClaim: reader.text("JWT_GROUPS_CLAIM", "groups"),
  };
}
