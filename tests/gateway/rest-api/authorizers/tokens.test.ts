import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc";
const ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
const GUIDE = "developer guide, Control access to a REST API using Amazon Cognito user pools";

describe("Cognito user pool authorizers", () => {
  // biome-ignore lint/suspicious/noExplicitAny: keys of a library that is loaded late
  let jose: any, keys: any, jwks: any;
  before(async () => {
    jose = await import("jose");
    keys = await jose.generateKeyPair("RS256", { extractable: true });
    jwks = { keys: [{ ...(await jose.exportJWK(keys.publicKey)), kid: "k1", alg: "RS256" }] };
  });
  const token = (claims: object, expires = "1h") =>
    new jose.SignJWT({ token_use: "id", sub: "s1", email: "a@example.org", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .setIssuer((claims as { iss?: string }).iss ?? ISSUER)
      .setExpirationTime(expires)
      .sign(keys.privateKey);
  const gateway = (scopes: string[] = [], keySets: object = { [POOL]: jwks }) =>
    gatewayFor({
      definition: openapi(
        {
          "/a": {
            get: operation(mockOf('"$context.authorizer.claims.sub $context.authorizer.claims.email"'), {
              security: [{ pool: scopes }],
            }),
          },
        },
        {
          components: {
            securitySchemes: {
              pool: {
                type: "apiKey",
                name: "Authorization",
                in: "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [POOL] },
              },
            },
          },
        },
      ),
      keySets: keySets as never,
    });
  const call = async (authorization: string | undefined, scopes?: string[], keySets?: object) =>
    gateway(scopes, keySets).request({
      path: "/a",
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });

  it(`an identity token passes, with and without Bearer, its claims are there [${GUIDE}]`, async () => {
    const good = await token({});
    assert.equal((await call(good)).text, '"s1 a@example.org"');
    assert.equal((await call(`Bearer ${good}`)).status, 200);
  });
  it(`without a token, with an invalid one, one of another issuer or signed by another key: 401 Unauthorized [${GUIDE}]`, async () => {
    const other = await jose.generateKeyPair("RS256");
    const forged = await new jose.SignJWT({ token_use: "id" })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .setIssuer(ISSUER)
      .setExpirationTime("1h")
      .sign(other.privateKey);
    for (const authorization of [
      undefined,
      "x",
      await token({ iss: "https://elsewhere.example.org" }),
      forged,
    ]) {
      const seen = await call(authorization);
      assert.equal(seen.status, 401);
      assert.equal(seen.text, '{"message":"Unauthorized"}');
    }
  });
  it("an expired token: 401 The incoming token has expired [re:Post, Cognito 401 errors]", async () => {
    const seen = await call(await token({}, "-1h"));
    assert.equal(seen.status, 401);
    assert.equal(seen.text, '{"message":"The incoming token has expired"}');
  });
  it(`with scopes, an access token that has one of them [${GUIDE}]`, async () => {
    assert.equal(
      (await call(await token({ token_use: "access", scope: "api/read openid" }), ["api/read", "api/write"]))
        .status,
      200,
    );
    assert.equal(
      (await call(await token({ token_use: "access", scope: "openid" }), ["api/read"])).status,
      401,
    );
    assert.equal((await call(await token({}), ["api/read"])).status, 401);
    assert.equal((await call(await token({ token_use: "access", scope: "api/read" }))).status, 401);
  });
  it("without a key set for the pool: 500 AUTHORIZER_CONFIGURATION_ERROR", async () => {
    assert.equal((await call(await token({}), [], {})).status, 500);
  });
});
