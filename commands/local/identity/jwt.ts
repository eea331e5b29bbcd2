import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { type TestUser, userName } from "./test-users";

/** The signing side of an OpenID provider. */
export interface TokenIssuer {
  jwks: Promise<{ keys: unknown[] }>;
  /** Signed token of each test user, by the user's token name. */
  tokens: Promise<Map<string, string>>;
}

/** A private RSA key. */
interface Jwk {
  kty?: string;
  n?: string;
  e?: string;
}

const DAY = 86_400;
/** How long tokens are valid. The key is kept, so they are valid after a restart too. */
export const TOKEN_DAYS = 30;

/**
 * Signs as the issuer that a function's environment expects.
 * @param keyFile where the signing key is kept; it is created at the first use
 */
export function createTokenIssuer(
  users: TestUser[],
  environment: Record<string, string>,
  keyFile = join(projectRoot, "dist/local-signing-key.json"),
): TokenIssuer {
  const { JWT_ISSUER = "", JWT_AUDIENCE = "", JWT_GROUPS_CLAIM = "groups", JWT_SCOPES = "[]" } = environment;
  const scope = (JSON.parse(JWT_SCOPES) as string[]).join(" ");
  const signed = signAll();
  return { jwks: signed.then(({ jwks }) => jwks), tokens: signed.then(({ tokens }) => tokens) };

  async function signAll() {
    const { importJWK, SignJWT } = await import("jose");
    const jwk = readKey(keyFile) ?? (await createKey(keyFile));
    const privateKey = await importJWK(jwk, "RS256");
    const { kty, n, e } = jwk;
    const now = Math.floor(Date.now() / 1000);
    const sign = (user: TestUser) =>
      new SignJWT({ ...claim(JWT_GROUPS_CLAIM, user.groups), scope })
        .setProtectedHeader({ alg: "RS256", kid: "local" })
        .setIssuer(JWT_ISSUER)
        .setAudience(JWT_AUDIENCE)
        .setSubject(`${userName(user)}-user`)
        .setIssuedAt(now - 7200)
        .setExpirationTime(now + (user.expired ? -3600 : TOKEN_DAYS * DAY))
        .sign(privateKey);
    const tokens = await Promise.all(users.map(async (user) => [user.token, await sign(user)] as const));
    return {
      jwks: { keys: [{ kty, n, e, kid: "local", alg: "RS256", use: "sig" }] },
      tokens: new Map(tokens),
    };
  }
}

/** `realm_access.roles` is a nested claim, as Keycloak issues it; a claim with a URL as its name is not nested. */
function claim(name: string, groups: string[]): object {
  if (name.includes("/")) return { [name]: groups };
  return name.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), groups) as object;
}

function readKey(file: string): Jwk | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Jwk;
  } catch {
    return undefined;
  }
}

async function createKey(file: string): Promise<Jwk> {
  const { exportJWK, generateKeyPair } = await import("jose");
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  } catch {
    // In a folder that cannot be written the key is new at each start.
  }
  return jwk;
}
