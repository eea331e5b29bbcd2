import type { PolicyStatement } from "./lambda-function";

/** The provider that issues callers' tokens. */
export type IdentityProvider = { globus: GlobusIdentity } | { jwt: JwtIdentity };

interface GlobusIdentity {
  /** Client ID of the application registered with Globus Auth. */
  clientId: string;
  /** ARN of the Secrets Manager secret (or SSM parameter) with `clientSecret` and `processSecret`; see docs/functions.md. */
  secretArn: string;
  /** ARN of the customer managed KMS key that encrypts it. Default: the AWS managed key. */
  secretKeyArn?: string;
  /** Token introspection endpoint. Default: Globus Auth. */
  introspectUrl?: string;
  /** Endpoint for the caller's groups. Default: Globus Groups. */
  groupsUrl?: string;
}

interface JwtIdentity {
  /** Required `iss` of a token. */
  issuer: string;
  /** Required `aud` of a token. */
  audience: string;
  /** URL of the issuer's public keys. Default: `<issuer>/.well-known/jwks.json`. */
  jwksUrl?: string;
  /** Scopes that a token must have, all of them. Default: none. */
  scopes?: string[];
  /** Claim with the caller's groups. Default: groups. */
  groupsClaim?: string;
  /** As for Globus, with `processSecret` only. Default: none. */
  secretArn?: string;
  /** As for Globus. */
  secretKeyArn?: string;
}

/** The authorizer's environment variables for its identity provider, and its permissions to read the secret. */
export function normalizeIdentity(identity: IdentityProvider): {
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
      JWT_JWKS_URL: jwksUrl ?? `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`,
      JWT_SCOPES: JSON.stringify(scopes ?? []),
      JWT_GROUPS_CLAIM: groupsClaim ?? "groups",
      ...(secretArn === undefined ? {} : { SECRET_ARN: secretArn }),
    },
    statements: secretArn === undefined ? [] : readSecret(secretArn, secretKeyArn),
  };
}

/**
 * Secrets Manager appends a hyphen and six characters to a secret's name. It also resolves an ARN without them, but IAM
 * compares the complete ARN.
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
  // Only a customer managed key needs a permission.
  if (keyArn !== undefined) statements.push({ Action: ["kms:Decrypt"], Resource: keyArn });
  return statements;
}
