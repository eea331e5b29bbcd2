import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation } from "../support";

const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

describe("resource policy", () => {
  const policy = (Effect: string, rest: object = {}) => ({
    "x-amazon-apigateway-policy": {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" },
        {
          Effect,
          Principal: "*",
          Action: "execute-api:Invoke",
          Resource: "execute-api:/test/GET/a",
          ...rest,
        },
      ],
    },
  });
  it("an explicit deny [guide, How API Gateway resource policies affect authorization workflow]", async () => {
    const seen = await gatewayFor({
      definition: openapi(
        { "/a": open() },
        policy("Deny", { Condition: { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } }),
      ),
      apiId: "abc",
    }).request({ path: "/a", sourceIp: "198.51.100.1" });
    assert.equal(seen.status, 403);
    assert.equal(
      seen.json.Message,
      "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:abc/test/GET/a with an explicit deny",
    );
  });
  it("a Deny whose condition does not match has no effect", async () => {
    assert.equal(
      (
        await gatewayFor({
          definition: openapi(
            { "/a": open() },
            policy("Deny", { Condition: { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } }),
          ),
        }).request({ path: "/a", sourceIp: "192.0.2.1" })
      ).status,
      200,
    );
  });
  it("a policy without an Allow denies", async () => {
    const definition = openapi(
      { "/a": open() },
      {
        "x-amazon-apigateway-policy": {
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "execute-api:Invoke",
              Resource: "execute-api:/test/GET/other",
            },
          ],
        },
      },
    );
    assert.equal((await gatewayFor({ definition }).request("/a")).status, 403);
  });
});
