import type { PolicyStatement } from "./lambda-function";

/** Who vouches for callers. */
export type IdentitySettings = { globus: GlobusIdentity } | { jwt: JwtIdentity };

export interface GlobusIdentity {
  /** Id of the application registered with Globus Auth. */
  clientId: string;
  /** ARN of the Secrets Manager secret (or SSM parameter) with `clientSecret` and `processSecret`; see docs/functions.md. */
  secretArn: string;
  /** ARN of the customer-managed KMS key that encrypts it. Default: none, the key is AWS's own. */
  secretKeyArn?: string;
  /** Token introspection. Default: Globus Auth's. */
  introspectUrl?: string;
  /** The caller's groups. Default: Globus Groups'. */
  groupsUrl?: string;
}

export interface JwtIdentity {
  /** The `iss` every token must have. */
  issuer: string;
  /** The `aud` every token must have. */
  audience: string;
  /** Where the issuer's public keys are. Default: `<issuer>/.well-known/jwks.json`. */
  jwksUrl?: string;
  /** Scopes a token must all have. Default: none. */
  scopes?: string[];
  /** Claim with the caller's groups. Default: groups. */
  groupsClaim?: string;
  /** As for Globus, with `processSecret` only. Default: no process secret. */
  secretArn?: string;
  /** As for Globus. */
  secretKeyArn?: string;
}

/** What an authorizer is told about its identity provider, and what it may read. */
export function normalizeIdentity(identity: IdentitySettings): {
  environment: Record<string, string>;
  statements: PolicyStatement[];
} {
  if ("globus" in identity) {
    const { clientId, secretArn, secretKeyArn, introspectUrl, groupsUrl } = identity.globus;
    return {
      environment: {
        IDENTITY_PROVIDER: "globus",
        GLOBUS_CLIENT_ID: clientId,
        GLOBUS_INTROSPECT_URL: introspectUrl ?? "https://auth.globus.org/v2/oauth2/token/introspect",
        GLOBUS_GROUPS_URL: groupsUrl ?? "https://groups.api.globus.org/v2/groups/my_groups",
        SECRET_ARN: secretArn,
      },
      statements: readSecret(secretArn, secretKeyArn),
    };
  }
  const { issuer, audience, jwksUrl, scopes, groupsClaim, secretArn, secretKeyArn } = identity.jwt;
  return {
    environment: {
      IDENTITY_PROVIDER: "jwt",
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
      JWT_JWKS_URL: jwksUrl ?? defaultJwksUrl(issuer),
      JWT_SCOPES: JSON.stringify(scopes ?? []),
      JWT_GROUPS_CLAIM: groupsClaim ?? "groups",
      ...(secretArn === undefined ? {} : { SECRET_ARN: secretArn }),
    },
    statements: secretArn === undefined ? [] : readSecret(secretArn, secretKeyArn),
  };
}

function defaultJwksUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`;
}

/**
 * Secrets Manager adds a hyphen and six characters to a secret's name; an ARN given without them names the secret
 * all the same, but IAM compares it whole.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
function readSecret(arn: string, keyArn: string | undefined): PolicyStatement[] {
  const isParameter = arn.split(":")[2] === "ssm";
  const whole = isParameter || /-[A-Za-z0-9]{6}$/.test(arn);
  const statements: PolicyStatement[] = [
    {
      Action: [isParameter ? "ssm:GetParameter" : "secretsmanager:GetSecretValue"],
      Resource: whole ? arn : `${arn}-??????`,
    },
  ];
  // Only a customer-managed key asks for a permission of its own.
  if (keyArn !== undefined) statements.push({ Action: ["kms:Decrypt"], Resource: keyArn });
  return statements;
}

/** What is wrong with the settings, each with the key, the value and what is accepted. */
export function identityErrors(identity: IdentitySettings): string[] {
  const settings = "globus" in identity ? identity.globus : identity.jwt;
  const urls =
    "globus" in identity
      ? { introspectUrl: identity.globus.introspectUrl, groupsUrl: identity.globus.groupsUrl }
      : { jwksUrl: identity.jwt.jwksUrl ?? defaultJwksUrl(identity.jwt.issuer) };
  const errors = Object.entries(urls)
    .filter(([, url]) => url !== undefined && !isHttpsUrl(url))
    .map(([key, url]) => `${key} is ${url}: accepted is an https URL without user, query or fragment`);
  if (settings.secretArn !== undefined && !secretArnPattern.test(settings.secretArn)) {
    errors.push(
      `secretArn is ${settings.secretArn}: accepted is the ARN of a Secrets Manager secret or an SSM parameter`,
    );
  }
  return errors;
}

const secretArnPattern =
  /^arn:[a-z-]+:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/).+$/;

export function isHttpsUrl(text: string): boolean {
  return /^https:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/.test(text);
}
