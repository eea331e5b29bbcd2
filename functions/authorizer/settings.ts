/** What one authorizer is told by its environment: its level, and who vouches for callers. No secret is here. */
export interface Settings {
  /** Name of the access level, for logs and metrics. */
  level: string;
  /** Ids of the groups that hold the level. */
  groups: ReadonlySet<string>;
  /** Hint on a Deny for a caller in none of these groups. */
  message: string;
  /** "method": the exact method asked for; "stage": every method of the API's stage (needed when answers are cached). */
  scope: PolicyScope;
  /** ARN of the Secrets Manager secret or SSM parameter with client and process secret. */
  secretArn: string | undefined;
  identity: GlobusSettings | JwtSettings;
}

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
  /** Scopes a token must all have. */
  scopes: readonly string[];
  /** Claim with the caller's groups. */
  groupsClaim: string;
}

/**
 * Reads the settings from a function's environment.
 * @throws naming every variable that is missing or malformed, all at once; never a value.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const errors: string[] = [];
  const text = (name: string): string => {
    const value = environment[name]?.trim();
    if (!value) errors.push(`${name} is not set`);
    return value ?? "";
  };
  const url = (name: string): string => {
    const value = text(name);
    if (value && !/^https?:\/\/[^/]/.test(value)) errors.push(`${name} is not an http(s) URL`);
    return value;
  };
  const list = (name: string): string[] => {
    let value: unknown;
    try {
      value = JSON.parse(environment[name] ?? "[]");
    } catch {
      value = undefined;
    }
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    errors.push(`${name} is not a JSON array of strings`);
    return [];
  };
  const identityOf = (): Settings["identity"] => {
    const provider = text("IDENTITY_PROVIDER");
    switch (provider) {
      case "jwt":
        return {
          provider,
          issuer: text("JWT_ISSUER"),
          audience: text("JWT_AUDIENCE"),
          jwksUrl: url("JWT_JWKS_URL"),
          scopes: list("JWT_SCOPES"),
          groupsClaim: environment.JWT_GROUPS_CLAIM?.trim() || "groups",
        };
      case "globus":
        if (!environment.SECRET_ARN) errors.push("SECRET_ARN is not set");
        break;
      default:
        if (provider) errors.push("IDENTITY_PROVIDER is neither globus nor jwt");
    }
    return {
      provider: "globus",
      clientId: text("GLOBUS_CLIENT_ID"),
      introspectUrl: url("GLOBUS_INTROSPECT_URL"),
      groupsUrl: url("GLOBUS_GROUPS_URL"),
    };
  };
  const scope = environment.POLICY_SCOPE ?? "method";
  if (scope !== "method" && scope !== "stage") errors.push("POLICY_SCOPE is neither method nor stage");
  const settings: Settings = {
    level: text("ACCESS_LEVEL"),
    groups: new Set(list("ACCESS_GROUPS")),
    message: environment.DENY_MESSAGE?.trim() || "User token is not associated with the required group",
    scope: scope === "stage" ? "stage" : "method",
    secretArn: environment.SECRET_ARN?.trim() || undefined,
    identity: identityOf(),
  };
  if (errors.length > 0) throw new Error(`The authorizer's environment is incomplete: ${errors.join("; ")}`);
  return settings;
}
