import type { Person } from "./people";

/** An OpenID provider's signing side. */
export interface Issuer {
  jwks: Promise<{ keys: unknown[] }>;
  /** Signed token of each person, by the person's token name. */
  tokens: Promise<Map<string, string>>;
}

/** Signs as the issuer a function's environment expects; keys are made anew at each start. */
export function createIssuer(people: Person[], environment: Record<string, string>): Issuer {
  const { JWT_ISSUER = "", JWT_AUDIENCE = "", JWT_GROUPS_CLAIM = "groups", JWT_SCOPES = "[]" } = environment;
  const made = make();
  return { jwks: made.then(({ jwks }) => jwks), tokens: made.then(({ tokens }) => tokens) };

  async function make() {
    const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const key = { ...(await exportJWK(publicKey)), kid: "local", alg: "RS256", use: "sig" };
    const sign = (person: Person) =>
      new SignJWT({
        [JWT_GROUPS_CLAIM]: person.groups,
        scope: (JSON.parse(JWT_SCOPES) as string[]).join(" "),
      })
        .setProtectedHeader({ alg: "RS256", kid: "local" })
        .setIssuer(JWT_ISSUER)
        .setAudience(JWT_AUDIENCE)
        .setSubject(`${person.token.replace(/-token$/, "")}-user`)
        .setIssuedAt(Math.floor(Date.now() / 1000) - 7200)
        .setExpirationTime(Math.floor(Date.now() / 1000) + (person.expired ? -3600 : 86_400))
        .sign(privateKey);
    const signed = await Promise.all(
      people.map(async (person) => [person.token, await sign(person)] as const),
    );
    return { jwks: { keys: [key] }, tokens: new Map(signed) };
  }
}
