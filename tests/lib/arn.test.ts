import assert from "node:assert/strict";
import { functionArn, functionName, invokeArn, invokedFunction, parseArn, partitionOf } from "../../lib/arn";

const id = { region: "us-east-1", accountId: "123456789012", name: "read-authorizer" };
const arn = "arn:aws:lambda:us-east-1:123456789012:function:read-authorizer";
const uri = (invoked: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${invoked}/invocations`;

describe("ARNs", () => {
  it("builds function and invoke ARNs, with a qualifier, in every partition", () => {
    assert.equal(functionArn(id), arn);
    assert.equal(invokeArn(id), uri(arn));
    assert.equal(invokeArn({ ...id, qualifier: "live" }), uri(`${arn}:live`));
    assert.match(
      invokeArn({ ...id, region: "cn-north-1" }),
      /^arn:aws-cn:apigateway:cn-north-1:.*arn:aws-cn:lambda:/,
    );
    assert.equal(partitionOf("us-gov-west-1"), "aws-us-gov");
  });

  it("leaves placeholders as they are", () => {
    const placeholders = {
      partition: "${AWS::Partition}",
      region: "${AWS::Region}",
      accountId: "${AWS::AccountId}",
      name: "not-found",
    };
    assert.equal(
      invokeArn(placeholders),
      "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:not-found/invocations",
    );
    assert.equal(functionName(invokeArn(placeholders)), "not-found");
  });

  const names: [text: string, name: string | undefined][] = [
    [arn, "read-authorizer"],
    [`${arn}:live`, "read-authorizer"],
    [uri(arn), "read-authorizer"],
    [uri(`${arn}:live`), "read-authorizer"],
    [uri(arn).replace("/invocations", "/response-streaming-invocations"), "read-authorizer"],
    [uri("read-authorizer"), "read-authorizer"],
    [uri("read-authorizer:live"), "read-authorizer"],
    [uri("123456789012:function:read-authorizer"), "read-authorizer"],
    ["http://backend.example.org/function", undefined],
    ["arn:aws:apigateway:us-east-1:s3:path/bucket/key", undefined],
    ["", undefined],
  ];
  for (const [text, name] of names) {
    it(`finds ${name ?? "no function"} in ${text || "an empty text"}`, () =>
      assert.equal(functionName(text), name));
  }

  it("says what an invoke ARN invokes, with its qualifier", () => {
    assert.equal(invokedFunction(uri(`${arn}:1`)), `${arn}:1`);
    assert.equal(invokedFunction("http://backend.example.org"), undefined);
  });

  it("splits an ARN into its parts, colons in the resource included", () => {
    assert.deepEqual(parseArn(`${arn}:live`), {
      partition: "aws",
      service: "lambda",
      region: "us-east-1",
      accountId: "123456789012",
      resource: "function:read-authorizer:live",
    });
    assert.equal(parseArn("arn:aws:iam::123456789012:role/x")?.region, "");
    for (const text of ["", "arn:aws:lambda", "urn:aws:lambda:us-east-1:1:x"])
      assert.equal(parseArn(text), undefined, text);
  });
});
