import assert from "node:assert/strict";
import { cleanHint, pathOf, policyOf, resourceOf } from "../../functions/authorizer/policy";

const method = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/entities/1";
const stage = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/*";

describe("an authorizer's policy", () => {
  it("names the exact method when results are not cached", () => {
    assert.equal(resourceOf(method, "method"), method);
  });

  it("names the API's stage when results are cached", () => {
    assert.equal(resourceOf(method, "stage"), stage);
    assert.equal(
      resourceOf("arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod/GET/", "stage"),
      "arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod/*",
    );
  });

  it("names the stage for a path with characters that are special in a policy", () => {
    for (const path of ["x".repeat(600), "a*", "a?b", "${aws:username}"]) {
      const arn = `arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/${path}`;
      assert.equal(resourceOf(arn, "method"), stage, path);
    }
  });

  it("names the method up to 512 characters and the stage from 513", () => {
    const start = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/";
    const longest = start + "x".repeat(512 - start.length);
    assert.equal(resourceOf(longest, "method"), longest);
    assert.equal(resourceOf(`${longest}x`, "method"), stage);
  });

  it("is refused for anything but a method's ARN", () => {
    for (const arn of [
      undefined,
      null,
      7,
      {},
      "",
      "*",
      "arn:aws:s3:::bucket",
      "arn:aws:execute-api:us-east-1:1:abc",
      "arn:aws:execute-api:*:1:abc/dev/GET/",
      "arn:aws:execute-api:us-east-1:1:abc/*/GET/x",
      `x${method}`,
    ]) {
      for (const scope of ["method", "stage"] as const) {
        assert.throws(() => resourceOf(arn, scope), /methodArn is missing or not an API method's ARN/);
      }
    }
  });

  it("is about the raw path of a method's ARN", () => {
    assert.equal(pathOf(method), "/entities/1");
    assert.equal(pathOf(`${method}/..%2Fx`), "/entities/1/..%2Fx");
    assert.equal(pathOf(undefined), "/");
  });

  it("has a context on a Deny only, with the keys clients know", () => {
    const allow = policyOf({ effect: "Allow", principalId: "me" }, method);
    assert.deepEqual(allow, {
      principalId: "me",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: method }],
      },
    });
    const deny = policyOf({ effect: "Deny", principalId: "me", hint: "No" }, method);
    assert.deepEqual(deny.context, { key: "No", numberKey: 1, boolKey: true });
    assert.equal(deny.policyDocument.Statement[0].Effect, "Deny");
  });

  it("has a hint of one line that is valid inside JSON quotes", () => {
    assert.equal(cleanHint('a "b"\r\n\\c\u0000\u2028é d'), "a 'b' 'c d");
    assert.equal(cleanHint("x".repeat(1000)).length, 300);
    assert.equal(JSON.parse(`"${cleanHint('\\"\n\t\u007f')}"`), "''");
  });
});
