import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokenIssuer } from "../../../../commands/local/identity/jwt";
import { type IdentityProvider, startIdentityProvider } from "../../../../commands/local/identity/server";
import { localSecrets } from "../../../../commands/local/identity/stand-in";
import { testUsersOf } from "../../../../commands/local/identity/test-users";

const levels = [
  { name: "read", groups: ["g-read", "g-provider", "g-admin"] },
  { name: "create", groups: ["g-provider", "g-admin"] },
  { name: "data-admin", groups: ["g-admin"] },
];

const environments = levels.map(({ name, groups }) => ({
  ACCESS_LEVEL: name,
  ACCESS_GROUPS: JSON.stringify(groups),
}));

describe("The test users of the local identity provider", () => {
  const levelsOf = Object.fromEntries(testUsersOf(levels).map(({ token, levels }) => [token, levels]));

  it("hold their level and those that include it, none higher", () => {
    assert.deepEqual(levelsOf["read-token"], ["read"]);
    assert.deepEqual(levelsOf["create-token"], ["read", "create"]);
    assert.deepEqual(levelsOf["data-admin-token"], ["read", "create", "data-admin"]);
  });

  it("have a short name when it is unambiguous", () => {
    assert.deepEqual(levelsOf["admin-token"], levelsOf["data-admin-token"]);
    const two = testUsersOf([...levels, { name: "site-admin", groups: ["g-site"] }]).map(
      ({ token }) => token,
    );
    assert.ok(!two.includes("admin-token"));
  });

  it("include one who is in no group", () => {
    assert.deepEqual(levelsOf["stranger-token"], []);
  });
});

describe("The local identity provider", () => {
  let provider: IdentityProvider;
  let environment: Record<string, string>;

  before(async () => {
    provider = await startIdentityProvider(environments);
    environment = provider.redirect({
      IDENTITY_PROVIDER: "globus",
      GLOBUS_INTROSPECT_URL: "https://auth.example.org/introspect",
      GLOBUS_GROUPS_URL: "https://groups.example.org/my_groups",
      ACCESS_LEVEL: "read",
    });
  });
  after(() => provider.close());

  const introspect = (token: string, clientSecret = localSecrets.clientSecret) =>
    fetch(String(environment.GLOBUS_INTROSPECT_URL), {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`client:${clientSecret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `token=${token}`,
    });

  it("introspects a known token and lists its user's groups", async () => {
    const user = (await (await introspect("create-token")).json()) as { active: boolean; sub: string };
    assert.deepEqual([user.active, user.sub], [true, "create-user"]);
    const groups = await fetch(String(environment.GLOBUS_GROUPS_URL), {
      headers: { authorization: "Bearer create-token" },
    });
    assert.deepEqual(
      ((await groups.json()) as { id: string }[]).map(({ id }) => id),
      ["g-provider"],
    );
  });

  it("reports an expired or unknown token as inactive, and nothing else", async () => {
    for (const token of ["expired-token", "nobody"]) {
      const answer = await introspect(token);
      assert.deepEqual([answer.status, await answer.json()], [200, { active: false }]);
    }
  });

  it("refuses a client with a wrong secret, and a group list without a token", async () => {
    assert.equal((await introspect("read-token", "guess")).status, 401);
    assert.equal((await fetch(String(environment.GLOBUS_GROUPS_URL))).status, 401);
  });

  it("does not change other variables", () => {
    assert.equal(environment.ACCESS_LEVEL, "read");
    assert.equal("JWT_JWKS_URL" in environment, false);
  });

  it("responds to the AWS client's GetSecretValue and refuses other actions", async () => {
    const call = (target: string) =>
      fetch(String(environment.AWS_ENDPOINT_URL_SECRETS_MANAGER), {
        method: "POST",
        headers: { "x-amz-target": target },
        body: JSON.stringify({
          SecretId: "arn:aws:secretsmanager:us-east-1:123456789012:secret:globus-a1b2c3",
        }),
      });
    const found = (await (await call("secretsmanager.GetSecretValue")).json()) as {
      Name: string;
      SecretString: string;
    };
    assert.deepEqual([found.Name, JSON.parse(found.SecretString)], ["globus", localSecrets]);
    assert.equal((await call("secretsmanager.DeleteSecret")).status, 400);
  });

  it("signs tokens for a stage that verifies JWTs", async () => {
    const verifies = {
      IDENTITY_PROVIDER: "jwt",
      JWT_ISSUER: "https://id.example.org",
      JWT_AUDIENCE: "gateway",
      JWT_JWKS_URL: "https://id.example.org/keys",
    };
    const jwt = await startIdentityProvider([...environments, verifies]);
    const { JWT_JWKS_URL } = jwt.redirect(verifies);
    const { createRemoteJWKSet, jwtVerify } = await import("jose");
    const keys = createRemoteJWKSet(new URL(String(JWT_JWKS_URL)));
    const expected = { issuer: "https://id.example.org", audience: "gateway" };
    const { payload } = await jwtVerify(await jwt.bearer("create-token"), keys, expected);
    assert.deepEqual([payload.sub, payload.groups], ["create-user", ["g-provider"]]);
    await assert.rejects(jwtVerify(await jwt.bearer("expired-token"), keys, expected), /"exp" claim/);
    jwt.close();
  });

  describe("for signed tokens", () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-signing-key-"));
    const keyFile = join(folder, "new/key.json");
    after(() => rmSync(folder, { recursive: true }));
    const users = testUsersOf(levels);
    const issue = async (environment: Record<string, string>) => {
      const issuer = createTokenIssuer(users, environment, keyFile);
      return { keys: await issuer.jwks, token: (await issuer.tokens).get("create-token") ?? "" };
    };
    const claims = (token: string) =>
      JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

    it("keeps its key, so that a token is valid after a restart, and publishes no private part", async () => {
      const { createLocalJWKSet, jwtVerify } = await import("jose");
      const first = await issue({});
      const second = await issue({});
      assert.deepEqual(first.keys, second.keys);
      const keys = createLocalJWKSet(second.keys as Parameters<typeof createLocalJWKSet>[0]);
      assert.equal((await jwtVerify(first.token, keys)).payload.sub, "create-user");
      assert.deepEqual(Object.keys(first.keys.keys[0] as object).sort(), [
        "alg",
        "e",
        "kid",
        "kty",
        "n",
        "use",
      ]);
      assert.equal(statSync(keyFile).mode & 0o077, 0);
    });

    it("has the groups where the provider has them: nested for a dotted claim, not for a URL", async () => {
      const nested = claims((await issue({ JWT_GROUPS_CLAIM: "realm_access.roles" })).token);
      assert.deepEqual(nested.realm_access, { roles: ["g-provider"] });
      const name = "https://example.org/claims/groups";
      assert.deepEqual(claims((await issue({ JWT_GROUPS_CLAIM: name })).token)[name], ["g-provider"]);
    });
  });
});
