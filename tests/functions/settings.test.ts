import assert from "node:assert/strict";
import { readSettings } from "../../functions/authorizer/settings";

const globus = {
  ACCESS_LEVEL: "read",
  ACCESS_GROUPS: '["g1","g2"]',
  DENY_MESSAGE: "No",
  POLICY_SCOPE: "stage",
  IDENTITY_PROVIDER: "globus",
  GLOBUS_CLIENT_ID: " id ",
  GLOBUS_INTROSPECT_URL: "https://auth.example.org/introspect",
  GLOBUS_GROUPS_URL: "https://groups.example.org/mine",
  SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:x-a1B2c3",
};
const jwt = {
  ACCESS_LEVEL: "read",
  ACCESS_GROUPS: "[]",
  IDENTITY_PROVIDER: "jwt",
  JWT_ISSUER: "https://issuer.example.org/",
  JWT_AUDIENCE: "api",
  JWT_JWKS_URL: "https://issuer.example.org/keys",
};

describe("an authorizer's environment", () => {
  it("describes a Globus authorizer", () => {
    const settings = readSettings(globus);
    assert.deepEqual([...settings.groups], ["g1", "g2"]);
    assert.equal(settings.scope, "stage");
    assert.equal(settings.identity.provider === "globus" && settings.identity.clientId, "id");
  });

  it("describes a JWT authorizer, with the exact method and no scopes by default", () => {
    const settings = readSettings(jwt);
    assert.equal(settings.scope, "method");
    assert.equal(settings.secretArn, undefined);
    assert.deepEqual(settings.identity, {
      provider: "jwt",
      issuer: "https://issuer.example.org/",
      audience: "api",
      jwksUrl: "https://issuer.example.org/keys",
      scopes: [],
      groupsClaim: "groups",
    });
  });

  it("is refused with every mistake and without values", () => {
    assert.throws(
      () =>
        readSettings({
          ...globus,
          ACCESS_LEVEL: "",
          ACCESS_GROUPS: '{"secret-group":1}',
          POLICY_SCOPE: "all",
          SECRET_ARN: undefined,
          GLOBUS_GROUPS_URL: "file:///etc/passwd",
        }),
      (error: Error) => {
        assert.match(error.message, /ACCESS_LEVEL is not set/);
        assert.match(error.message, /ACCESS_GROUPS is not a JSON array of strings/);
        assert.match(error.message, /POLICY_SCOPE is neither/);
        assert.match(error.message, /SECRET_ARN is not set/);
        assert.match(error.message, /GLOBUS_GROUPS_URL is not an http\(s\) URL/);
        assert.doesNotMatch(error.message, /secret-group|passwd/);
        return true;
      },
    );
  });

  it("keeps every required scope, and is refused with scopes that no token can have", () => {
    const { identity } = readSettings({ ...jwt, JWT_SCOPES: '["api","admin:all"]' });
    assert.deepEqual(identity.provider === "jwt" && identity.scopes, ["api", "admin:all"]);
    for (const scopes of ['["api admin"]', '["api",""]', "api", '{"api":1}'])
      assert.throws(() => readSettings({ ...jwt, JWT_SCOPES: scopes }), /JWT_SCOPES/, scopes);
  });

  it("is refused for an unknown provider and for an incomplete JWT provider", () => {
    assert.throws(() => readSettings({ ...globus, IDENTITY_PROVIDER: "saml" }), /neither globus nor jwt/);
    assert.throws(() => readSettings({ ...jwt, JWT_AUDIENCE: " " }), /JWT_AUDIENCE is not set/);
    assert.throws(() => readSettings({}), /IDENTITY_PROVIDER is not set/);
  });
});
