import assert from "node:assert/strict";
import { type Any, ARN, allow, deny, setUp } from "./lambda-support";

const KC = "knowledge center, 403 errors with a Lambda authorizer";
const OUTPUT = "developer guide, Output from a Lambda authorizer";
const WORKFLOW = "developer guide, Use API Gateway Lambda authorizers";

describe("the output of a Lambda authorizer", () => {
  for (const { name, source, output, status, text, errorType } of [
    {
      name: "Allow",
      source: OUTPUT,
      output: (e: Any) => allow(e.methodArn),
      status: 200,
      text: '"ok"',
      errorType: undefined,
    },
    {
      name: "an explicit Deny",
      source: KC,
      output: (e: Any) => deny(e.methodArn),
      status: 403,
      text: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      errorType: "AccessDeniedException",
    },
    {
      name: "an Allow of something else",
      source: KC,
      output: () => allow(`${ARN}/test/GET/other`),
      status: 403,
      text: '{"Message":"User is not authorized to access this resource"}',
      errorType: "AccessDeniedException",
    },
    {
      name: "the error Unauthorized",
      source: WORKFLOW,
      output: () => new Error("Unauthorized"),
      status: 401,
      text: '{"message":"Unauthorized"}',
      errorType: "UnauthorizedException",
    },
    {
      name: "the thrown text Unauthorized",
      source: WORKFLOW,
      output: () => "Unauthorized",
      status: 401,
      text: '{"message":"Unauthorized"}',
      errorType: "UnauthorizedException",
    },
    {
      name: "another error",
      source: "auth0-samples/jwt-rsa-aws-custom-authorizer#6; Stack Overflow 53101144",
      output: () => new Error("Unauthorized: expired"),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "nothing",
      source: "ExpanseLLC/lambda_authorizer#1 (Could not parse policy)",
      output: () => null,
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "a proxy response",
      source: "serverless/examples#305",
      output: () => ({ statusCode: 401, body: "" }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "no principal",
      source: OUTPUT,
      output: (e: Any) => ({ policyDocument: allow(e.methodArn).policyDocument }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "no policy",
      source: OUTPUT,
      output: () => ({ principalId: "u" }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "an effect that is none",
      source: OUTPUT,
      output: (e: Any) => ({
        principalId: "u",
        policyDocument: { Statement: [{ Action: "*", Effect: "allow", Resource: e.methodArn }] },
      }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "an object in the context",
      source: OUTPUT,
      output: (e: Any) => allow(e.methodArn, { context: { a: { b: 1 } } }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
    {
      name: "a list in the context",
      source: OUTPUT,
      output: (e: Any) => allow(e.methodArn, { context: { a: [1] } }),
      status: 500,
      text: '{"message":null}',
      errorType: "AuthorizerConfigurationException",
    },
  ]) {
    it(`${name}: ${status} [${source}]`, async () => {
      const seen = await setUp({ output }).call();
      assert.equal(seen.status, status);
      assert.equal(seen.text, text);
      assert.equal(seen.headers["x-amzn-errortype"], errorType);
    });
  }
  it("an authorizer without function: 500 [gateway response types, AUTHORIZER_CONFIGURATION_ERROR]", async () => {
    const seen = await setUp({ options: { functions: {} } }).call();
    assert.equal(seen.status, 500);
    assert.equal(seen.headers["x-amzn-errortype"], "AuthorizerConfigurationException");
  });
  for (const [resource, allowed] of [
    ["*", true],
    [`${ARN}/*`, true],
    [`${ARN}/*/*`, true],
    [`${ARN}/test/*/pets`, true],
    [`${ARN}/test/GET/*`, true],
    [`${ARN}/*/GET/pets`, true],
    ["arn:aws:execute-api:*:*:*", true],
    [`${ARN}/test/GET/pet?`, true],
    [[`${ARN}/x/GET/y`, `${ARN}/test/GET/pets`], true],
    [`${ARN}/prod/GET/pets`, false],
    [`${ARN}/test/POST/pets`, false],
    [`x${ARN}/test/GET/pets`, false],
    [`${ARN}/test/GET/pets/*`, false],
    [`${ARN}/test/GET/pet`, false],
    ["arn:aws:execute-api:us-east-1:123456789012:abc1234/*", false],
  ] as const) {
    it(`a policy for ${JSON.stringify(resource)} ${allowed ? "allows" : "does not allow"} GET /pets [IAM policy syntax for API Gateway]`, async () => {
      assert.equal((await setUp({ output: () => allow(resource) }).call()).status, allowed ? 200 : 403);
    });
  }
  for (const principalId of ["", null, {}, []])
    it(`a principalId ${JSON.stringify(principalId)} is 500 [ministackorg/ministack#1367]`, async () => {
      const seen = await setUp({ output: (event) => ({ ...allow(event.methodArn), principalId }) }).call();
      assert.equal(seen.status, 500);
      assert.equal(seen.headers["x-amzn-errortype"], "AuthorizerConfigurationException");
    });
  it("a Deny overrides an Allow in any order", async () => {
    const both = (e: Any) => ({
      principalId: "u",
      policyDocument: {
        Statement: [...deny("*").policyDocument.Statement, ...allow(e.methodArn).policyDocument.Statement],
      },
    });
    assert.match((await setUp({ output: both }).call()).text, /explicit deny/);
  });
  it("a single statement may be outside a list", async () => {
    assert.equal(
      (
        await setUp({
          output: () => ({
            principalId: "u",
            policyDocument: { Statement: { Action: "execute-api:*", Effect: "Allow", Resource: "*" } },
          }),
        }).call()
      ).status,
      200,
    );
  });
  it("an action other than Invoke does not allow the request", async () => {
    assert.equal(
      (
        await setUp({
          output: () => ({
            principalId: "u",
            policyDocument: {
              Statement: [{ Action: "execute-api:ManageConnections", Effect: "Allow", Resource: "*" }],
            },
          }),
        }).call()
      ).status,
      403,
    );
  });
  it(`principal and context are text in templates [${OUTPUT}]`, async () => {
    const seen = await setUp({
      output: (e) => allow(e.methodArn, { context: { stringKey: "value", numberKey: 1, booleanKey: true } }),
      body: '"$context.authorizer.principalId $context.authorizer.stringKey $context.authorizer.numberKey $context.authorizer.booleanKey"',
    }).call();
    assert.equal(seen.text, '"user value 1 true"');
  });
});
