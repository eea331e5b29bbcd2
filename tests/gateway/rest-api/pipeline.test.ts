import assert from "node:assert/strict";
import { type Any, allow, deny } from "./authorizers/lambda-support";
import { gatewayFor, lambdaUri, mockOf, openapi, operation } from "./support";

const header = (name: string) => ({ type: "apiKey", name, in: "header" });
const good = { authorization: "good", "x-api-key": "k" };

/** Each request has the faults of all lines below it, too: the first handler that refuses it decides. */
const ORDER: {
  what: string;
  path?: string;
  sourceIp?: string;
  headers: Record<string, string>;
  type: string;
}[] = [
  {
    what: "the web ACL, before the path is looked at",
    path: "/nowhere",
    sourceIp: "192.0.2.9",
    headers: {},
    type: "ForbiddenException",
  },
  {
    what: "the route, before the token",
    path: "/nowhere",
    headers: {},
    type: "MissingAuthenticationTokenException",
  },
  {
    what: "the authorizer's token, before the API key and the parameters",
    headers: {},
    type: "UnauthorizedException",
  },
  { what: "the authorizer's policy", headers: { authorization: "bad" }, type: "AccessDeniedException" },
  {
    what: "the API key, before the parameters",
    headers: { authorization: "good" },
    type: "ForbiddenException",
  },
  { what: "the validator, last", headers: good, type: "BadRequestException" },
];

describe("A request is refused by the first of", () => {
  const gateway = gatewayFor({
    definition: openapi(
      {
        "/a": {
          get: operation(mockOf('"ok"'), {
            security: [{ auth: [], key: [] }],
            parameters: [{ name: "q", in: "query", required: true }],
            "x-amazon-apigateway-request-validator": "v",
          }),
        },
      },
      {
        "x-amazon-apigateway-request-validators": { v: { validateRequestParameters: true } },
        components: {
          securitySchemes: {
            key: header("x-api-key"),
            auth: {
              ...header("Authorization"),
              "x-amazon-apigateway-authtype": "custom",
              "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("auth") },
            },
          },
        },
      },
    ),
    apiKeys: ["k"],
    webAcl: {
      arn: "arn:acl",
      defaultAction: { allow: {} },
      rules: [
        { name: "blocked", priority: 0, action: { block: {} }, statement: { ipSet: ["192.0.2.9/32"] } },
      ],
    },
    functions: {
      auth: async (event: Any) => (event.authorizationToken === "good" ? allow : deny)(event.methodArn),
    },
  });
  const call = (path: string, headers: Record<string, string>, sourceIp = "198.51.100.7") =>
    gateway.request({ path, headers, sourceIp });

  for (const { what, path = "/a", headers, sourceIp, type } of ORDER) {
    it(what, async () => {
      const { headers: seen } = await call(path, headers, sourceIp);
      assert.equal(seen["x-amzn-errortype"], type);
    });
  }

  it("them, or by none", async () => {
    assert.equal((await call("/a?q=1", good)).text, '"ok"');
  });
});
