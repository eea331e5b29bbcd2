import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { gatewayFor, mockOf, openapi, operation, type Sent } from "./support";

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
  it(`without a token, with a broken one, of another issuer or signed by another key: 401 Unauthorized [${GUIDE}]`, async () => {
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
  it(`with scopes an access token that holds one [${GUIDE}]`, async () => {
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

describe("AWS_IAM", () => {
  const credentials = {
    AKIDEXAMPLE: { secretAccessKey: "secret", arn: "arn:aws:iam::123456789012:user/caller" },
  };
  const iam = (options: object = {}) =>
    gatewayFor({
      definition: openapi(
        {
          "/a": {
            post: operation(mockOf('"$context.identity.userArn $context.identity.accessKey"'), {
              security: [{ sigv4: [] }],
            }),
          },
        },
        {
          components: {
            securitySchemes: {
              sigv4: {
                type: "apiKey",
                name: "Authorization",
                in: "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
              },
            },
          },
        },
      ),
      apiId: "abc",
      credentials,
      ...options,
    });

  async function signed(
    secret = "secret",
    date = new Date(),
    accessKeyId = "AKIDEXAMPLE",
    region = "us-east-1",
  ): Promise<Sent> {
    class Hash {
      hash;
      constructor(key?: string) {
        this.hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
      }
      update(data: string) {
        this.hash.update(data);
      }
      async digest() {
        return this.hash.digest();
      }
    }
    const signer = new SignatureV4({
      service: "execute-api",
      region,
      sha256: Hash as never,
      credentials: { accessKeyId, secretAccessKey: secret },
    });
    const body = '{"x":1}';
    const request = await signer.sign(
      {
        method: "POST",
        protocol: "https:",
        hostname: "api.example.org",
        path: "/a",
        query: { q: "1" },
        headers: { host: "api.example.org", "content-type": "application/json" },
        body,
      },
      { signingDate: date },
    );
    const { host: _, ...headers } = request.headers;
    return { path: "/a?q=1", method: "POST", body, headers };
  }
  it("an unsigned request: 403 Missing Authentication Token", async () => {
    const seen = await iam().request({ path: "/a", method: "POST" });
    assert.equal(seen.status, 403);
    assert.equal(seen.text, '{"message":"Missing Authentication Token"}');
  });
  it("a good signature passes, and says who it is", async () => {
    const seen = await iam().request(await signed());
    assert.equal(seen.text, '"arn:aws:iam::123456789012:user/caller AKIDEXAMPLE"');
  });
  it("a wrong secret: 403 InvalidSignatureException", async () => {
    const seen = await iam().request(await signed("other"));
    assert.equal(seen.status, 403);
    assert.equal(seen.headers["x-amzn-errortype"], "InvalidSignatureException");
    assert.match(seen.json.message, /^The request signature we calculated does not match/);
  });
  it("a changed body, another region: 403", async () => {
    assert.equal((await iam().request({ ...(await signed()), body: '{"x":2}' })).status, 403);
    assert.equal(
      (await iam().request(await signed("secret", new Date(), "AKIDEXAMPLE", "eu-west-1"))).status,
      403,
    );
  });
  it("an unknown key: 403 UnrecognizedClientException", async () => {
    const seen = await iam().request(await signed("secret", new Date(), "AKIDOTHER"));
    assert.equal(seen.headers["x-amzn-errortype"], "UnrecognizedClientException");
    assert.equal(seen.json.message, "The security token included in the request is invalid.");
  });
  it("a signature older than five minutes: 403 Signature expired", async () => {
    assert.match(
      (await iam().request(await signed("secret", new Date(Date.now() - 600_000)))).json.message,
      /^Signature expired: \d{8}T\d{6}Z is now earlier than/,
    );
  });
  it("a header that is no signature: 403 IncompleteSignatureException", async () => {
    assert.equal(
      (await iam().request({ path: "/a", method: "POST", headers: { Authorization: "Bearer x" } })).headers[
        "x-amzn-errortype"
      ],
      "IncompleteSignatureException",
    );
  });
  it("a policy that does not allow: 403 with user and resource", async () => {
    const policy = {
      Statement: [
        { Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/prod/*" },
      ],
    };
    const seen = await iam({ credentials: { AKIDEXAMPLE: { ...credentials.AKIDEXAMPLE, policy } } }).request(
      await signed(),
    );
    assert.equal(
      seen.json.Message,
      "User: arn:aws:iam::123456789012:user/caller is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:abc/test/POST/a",
    );
  });
});
