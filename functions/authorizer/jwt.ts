import { isObject, type JsonObject, prop } from "../../lib/json";
import { HttpError, type HttpLimits, request } from "../shared/http";
import { type Identity, IdentityUnavailable, type Verdict } from "./identity";
import type { JwtSettings } from "./settings";

// jose is an ES module: CommonJS can load it, and name its types, by import() only.
const importJose = () => import("jose");
type Jose = Awaited<ReturnType<typeof importJose>>;
type Payload = Awaited<ReturnType<Jose["jwtVerify"]>>["payload"];

/** Asymmetric signatures only: an HMAC could be made with the issuer's public key as its secret. */
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

const invalid: Verdict = { refused: "Nonactive or invalid auth token" };

/**
 * JSON Web Tokens of one issuer: signature by a key of its JWKS, issuer, audience, times, kind of token, scopes.
 * The key set is kept for ten minutes and fetched again for an unknown key, at most every 30 seconds.
 */
export function jwt(settings: JwtSettings, limits: Partial<HttpLimits> = {}): Identity {
  let verifier: ReturnType<typeof load> | undefined;

  return {
    offline: true,
    async verify(token): Promise<Verdict> {
      verifier ??= load(settings, limits);
      const { jose, keys } = await verifier;
      let payload: Payload;
      let typ: unknown;
      try {
        ({
          payload,
          protectedHeader: { typ },
        } = await jose.jwtVerify(token, keys, {
          algorithms,
          issuer: settings.issuer,
          audience: settings.audience,
          requiredClaims: ["exp", "sub"],
        }));
      } catch (error) {
        if (error instanceof IdentityUnavailable) throw error;
        if (!isAboutKeys(error, jose.errors)) return invalid;
        // Without its cause: jose's errors contain the token's claims.
        throw new IdentityUnavailable(`The issuer's keys: ${reasonOf(error)}`);
      }
      return isAccessToken(typ, payload) ? verdictOf(payload, settings) : invalid;
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
  if (typeof sub !== "string" || sub === "" || exp === undefined) return invalid;
  const scopes = new Set(textsOf(payload.scope ?? payload.scp));
  if (!settings.scopes.every((scope) => scopes.has(scope))) {
    return { refused: "User token lacks a required scope" };
  }
  const groups = textsOf(claimAt(payload, settings.groupsClaim));
  return { caller: { principalId: sub, groups, expiresAt: exp * 1000 } };
}

/**
 * Whether a token may be an access token. RFC 9068 gives those the type `at+jwt`, but many providers write `JWT` or no
 * type at all. Other types are tokens for other purposes, and so is an ID token: it has claims that OpenID Connect
 * defines for it alone (Core 1.0, 2 and 3.3.2.11), or Cognito's `token_use` or Keycloak's `typ` says so.
 */
function isAccessToken(typ: unknown, payload: Payload): boolean {
  const type = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : typ;
  if (type === "at+jwt") return true;
  if (type !== undefined && type !== "jwt") return false;
  const { token_use: use, typ: kind } = payload;
  if (use === "id" || kind === "ID" || payload.at_hash !== undefined || payload.c_hash !== undefined)
    return false;
  // Keycloak before version 25 writes the nonce into access tokens too.
  return payload.nonce === undefined || use === "access" || kind === "Bearer";
}

/** A claim by its name, or else by its path through nested claims: Keycloak's roles are at `realm_access.roles`. */
function claimAt(payload: JsonObject, path: string): unknown {
  const flat = prop(payload, path);
  if (flat !== undefined) return flat;
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const inner = prop(payload, path.slice(0, dot));
    if (isObject(inner)) return claimAt(inner, path.slice(dot + 1));
  }
  return undefined;
}

/** A list is a JSON array or, as OAuth's scope, one text with blanks. */
function textsOf(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((text) => text !== "");
  return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
}

/** Whether the issuer's keys were unavailable or unusable; every other error is about the token. */
function isAboutKeys(error: unknown, errors: Jose["errors"]): boolean {
  if (error instanceof HttpError) return true;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  // jose's base class, not a subclass: the key set's response was not JSON.
  return error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC";
}

function reasonOf(error: unknown): string {
  if (error instanceof HttpError) return error.message;
  return error instanceof Error ? error.name : "unknown";
}
