import { asArray, isObject, type JsonObject, prop, stringAt } from "../../lib/json";
import { type HttpAnswer, HttpError, type HttpLimits, type HttpRequest, request } from "../shared/http";
import { type Identity, IdentityUnavailable, type Verdict } from "./identity";
import type { SecretReader } from "./secrets";
import type { GlobusSettings } from "./settings";

const inactive: Verdict = { refused: "Non-active login" };

/**
 * Globus Auth: the token is introspected, and Globus Groups lists its owner's groups with the token itself. Audience,
 * client and scopes of a token are left to Globus: Groups refuses a token without its scope.
 */
export function globus(
  settings: GlobusSettings,
  readSecrets: SecretReader,
  limits: Partial<HttpLimits> = {},
): Identity {
  return {
    async verify(token): Promise<Verdict> {
      // No provider issues a token that does not fit into a header.
      if (/[^\t\x20-\x7e\x80-\xff]/.test(token)) return inactive;
      const user = await introspect(token);
      const expiresAt = expiry(user.exp);
      // A non-numeric `exp` (NaN) counts as expired.
      if (user.active !== true || !(expiresAt === undefined || expiresAt > Date.now())) return inactive;
      if (typeof user.sub !== "string" || user.sub === "")
        return { refused: "Nonactive or invalid auth token" };
      const groups = await groupsOf(token);
      return { caller: { principalId: user.sub, groups, ...(expiresAt === undefined ? {} : { expiresAt }) } };
    },
  };

  async function introspect(token: string): Promise<JsonObject> {
    const secret = await clientSecret();
    let answer = await askAbout(token, secret);
    if (answer.status === 401) {
      // Globus refuses the application's secret: it may have been rotated since it was read.
      const newer = await clientSecret({ fresh: true });
      if (newer !== secret) answer = await askAbout(token, newer);
    }
    if (answer.status !== 200) {
      throw unusable("introspection", answer, "Unable to introspect user from token");
    }
    const user = parse(answer.body);
    if (!isObject(user)) {
      throw unusable("introspection", answer, "Unable to parse json response on user introspect");
    }
    return user;
  }

  async function clientSecret(options?: { fresh: boolean }): Promise<string> {
    const { clientSecret: secret } = await readSecrets(options);
    if (secret === undefined) throw new Error("The secret has no clientSecret");
    return secret;
  }

  function askAbout(token: string, secret: string): Promise<HttpAnswer> {
    const credentials = Buffer.from(`${settings.clientId}:${secret}`).toString("base64");
    return ask({
      url: settings.introspectUrl,
      method: "POST",
      headers: {
        Authorization: `Basic ${credentials}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ token }).toString(),
    });
  }

  async function ask(options: HttpRequest): Promise<HttpAnswer> {
    try {
      return await request({ limits, ...options });
    } catch (error) {
      if (error instanceof HttpError) throw new IdentityUnavailable(error.message);
      throw error;
    }
  }

  async function groupsOf(token: string): Promise<string[]> {
    const url = new URL(settings.groupsUrl);
    // The default, made explicit. Source: Globus Groups API, "GET /v2/groups/my_groups", parameter `statuses`.
    url.searchParams.set("statuses", "active");
    const answer = await ask({ url: url.href, headers: { Authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw unusable("groups", answer, "Unable to get user groups");
    const groups = parse(answer.body);
    if (!Array.isArray(groups)) {
      throw unusable("groups", answer, "unable to get groups from Groups api while gathering user groups");
    }
    const ids = groups.filter(isActiveMember).map((group) => stringAt(group, "id"));
    return [...new Set(ids.filter((id) => id !== undefined))];
  }
}

/** A group lists the caller's memberships with their statuses, `active` or such as `invited`, unless they are left out. */
function isActiveMember(group: unknown): boolean {
  const memberships = prop(group, "my_memberships");
  return (
    memberships === undefined || asArray(memberships).some((one) => stringAt(one, "status") === "active")
  );
}

function unusable(what: string, answer: HttpAnswer, hint: string): IdentityUnavailable {
  return new IdentityUnavailable(
    `Globus ${what} responded with ${answer.status} without a usable body`,
    hint,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A token's expiry in milliseconds: undefined when the provider gives none, NaN when it is not a number. */
function expiry(exp: unknown): number | undefined {
  if (exp === undefined || exp === null) return undefined;
  return typeof exp === "number" ? exp * 1000 : Number.NaN;
}
