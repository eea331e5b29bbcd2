import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { gatewayFor, mockOf, openapi, operation, type Sent } from "../support";

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
  it("a valid signature passes and identifies the caller", async () => {
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
  it("a header that is not a signature: 403 IncompleteSignatureException", async () => {
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
