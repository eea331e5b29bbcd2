import { type TestUser, userName } from "./test-users";

/** The signing side of an OpenID provider. */
export interface TokenIssuer {
  jwks: Promise<{ keys: unknown[] }>;
  /** Signed token of each test user, by the user's token name. */
  tokens: Promise<Map<string, string>>;
}

/** Signs as the issuer that a function's environment expects. Each start makes new keys. */
export function createTokenIssuer(users: TestUser[], environment: Record<string, string>): TokenIssuer {
  const { JWT_ISSUER = "", JWT_AUDIENCE = "", JWT_GROUPS_CLAIM = "groups", JWT_SCOPES = "[]" } = environment;
  const scope = (JSON.parse(JWT_SCOPES) as string[]).join(" ");
  const signed = signAll();
  return { jwks: signed.then(({ jwks }) => jwks), tokens: signed.then(({ tokens }) => tokens) };

  async function signAll() {
    const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const key = { ...(await exportJWK(publicKey)), kid: "local", alg: "RS256", use: "sig" };
    const now = Math.floor(Date.now() / 1000);
    const sign = (user: TestUser) =>
      new SignJWT({ [JWT_GROUPS_CLAIM]: user.groups, scope })
        .setProtectedHeader({ alg: "RS256", kid: "local" })
        .setIssuer(JWT_ISSUER)
        .setAudience(JWT_AUDIENCE)
        .setSubject(`${userName(user)}-user`)
        .setIssuedAt(now - 7200)
        .setExpirationTime(now + (user.expired ? -3600 : 86_400))
        .sign(privateKey);
    const tokens = await Promise.all(users.map(async (user) => [user.token, await sign(user)] as const));
    return { jwks: { keys: [key] }, tokens: new Map(tokens) };
  }
}
