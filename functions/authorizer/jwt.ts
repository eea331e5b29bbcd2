import { HttpError, type HttpLimits, request } from "../shared/http";
import { type Identity, IdentityUnavailable, type Verdict } from "./identity";
import type { JwtSettings } from "./settings";

// jose is an ES module, which only an import() may name here, its types included.
const importJose = () => import("jose");
type Jose = Awaited<ReturnType<typeof importJose>>;
type Payload = Awaited<ReturnType<Jose["jwtVerify"]>>["payload"];

/** Signatures by a private key only: a secret shared with the issuer could be guessed from its public keys. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/**
 * JSON Web Tokens of one issuer: signature by a key of its JWKS, issuer, audience and times, then the scopes.
 * The key set is kept for ten minutes, and fetched again for an unknown key at most every 30 seconds.
 */
export function jwt(settings: JwtSettings, limits: Partial<HttpLimits> = {}): Identity {
  let verifier: ReturnType<typeof load> | undefined;

  return {
    async verify(token): Promise<Verdict> {
      verifier ??= load(settings, limits);
      const { jose, keys } = await verifier;
      let payload: Payload;
      try {
        ({ payload } = await jose.jwtVerify(token, keys, {
          algorithms,
          issuer: settings.issuer,
          audience: settings.audience,
          requiredClaims: ["exp", "sub"],
        }));
      } catch (error) {
        if (error instanceof IdentityUnavailable) throw error;
        if (!isAboutKeys(error, jose.errors)) return { refused: "Nonactive or invalid auth token" };
        // Without its cause: jose's errors carry the token's claims.
        throw new IdentityUnavailable(`The issuer's keys: ${reasonOf(error)}`);
      }
      return verdictOf(payload, settings);
    },
  };
}

async function load(settings: JwtSettings, limits: Partial<HttpLimits>) {
  const jose = await importJose();
  const keys = jose.createRemoteJWKSet(new URL(settings.jwksUrl), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [jose.customFetch]: async (url) => {
      const { status, body } = await request({ url, limits });
      if (status !== 200) throw new IdentityUnavailable(`The issuer's keys: status ${status}`);
      return new Response(body);
    },
  });
  return { jose, keys };
}

function verdictOf(payload: Payload, settings: JwtSettings): Verdict {
  const { sub, exp } = payload;
  if (typeof sub !== "string" || sub === "" || exp === undefined) {
    return { refused: "Nonactive or invalid auth token" };
  }
  const scopes = new Set(textsOf(payload.scope ?? payload.scp));
  if (!settings.scopes.every((scope) => scopes.has(scope))) {
    return { refused: "User token lacks a required scope" };
  }
  const groups = textsOf(payload[settings.groupsClaim]);
  return { caller: { principalId: sub, groups, expiresAt: exp * 1000 } };
}

/** A list claim comes as a JSON array or, as OAuth's scope does, as one text with blanks. */
function textsOf(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((text) => text !== "");
  return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
}

/** Whether the issuer's keys were out of reach or unusable; everything else is about the token. */
function isAboutKeys(error: unknown, errors: Jose["errors"]): boolean {
  if (error instanceof HttpError) return true;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  // jose's own class, not a subclass: the key set's answer was no JSON.
  return error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC";
}

function reasonOf(error: unknown): string {
  if (error instanceof HttpError) return error.message;
  return error instanceof Error ? error.name : "unknown";
}
