import assert from "node:assert/strict";
import { gatewayFor, lambdaUri, mockOf, openapi, operation } from "../support";
import { ARN, allow, setUp } from "./lambda-support";

const WORKFLOW = "developer guide, Use API Gateway Lambda authorizers";
const INPUT = "developer guide, Input to a Lambda authorizer";

describe("Lambda authorizers", () => {
  describe("whether the function is called", () => {
    it(`a missing token is 401, and the function is not called [${WORKFLOW}]`, async () => {
      const { call, events } = setUp({});
      const seen = await call({ headers: {} });
      assert.equal(seen.status, 401);
      assert.equal(seen.text, '{"message":"Unauthorized"}');
      assert.equal(seen.headers["x-amzn-errortype"], "UnauthorizedException");
      assert.equal(events.length, 0);
    });
    it(`an empty token is 401 without a call [${INPUT}]`, async () => {
      const { call, events } = setUp({});
      assert.equal((await call({ headers: { Authorization: "" } })).status, 401);
      assert.equal(events.length, 0);
    });
    it("a token that does not match the validation expression is 401 without a call [configure a Lambda authorizer, Token Validation]", async () => {
      const { call, events } = setUp({ authorizer: { identityValidationExpression: "^Bearer [-0-9a-z]+$" } });
      assert.equal((await call({ headers: { Authorization: "Basic x" } })).status, 401);
      assert.equal(events.length, 0);
      assert.equal((await call({ headers: { Authorization: "Bearer abc" } })).status, 200);
    });
    it("the token's header has any case", async () => {
      assert.equal((await setUp({}).call({ headers: { authorization: "t" } })).status, 200);
    });
    it("the scheme's name is the token's header [import facts 29]", async () => {
      const { call, events } = setUp({ scheme: { name: "X-Token" } });
      assert.equal((await call({ headers: { Authorization: "t" } })).status, 401);
      assert.equal((await call({ headers: { "X-Token": "mine" } })).status, 200);
      assert.equal(events[0].authorizationToken, "mine");
    });
    for (const [name, sent, status] of [
      ["all there", { path: "/pets?q=1", headers: { H: "x" } }, 200],
      ["a header missing", { path: "/pets?q=1", headers: {} }, 401],
      ["a query parameter missing", { path: "/pets", headers: { H: "x" } }, 401],
      ["a query parameter empty", { path: "/pets?q=", headers: { H: "x" } }, 401],
    ] as const) {
      it(`REQUEST with identity sources, ${name}: ${status} [API reference, Authorizer identitySource]`, async () => {
        const { call, events } = setUp({
          authorizer: {
            type: "request",
            identitySource:
              "method.request.header.H, method.request.querystring.q, stageVariables.v, context.stage",
          },
          options: { stageVariables: { v: "1" } },
        });
        assert.equal((await call(sent)).status, status);
        assert.equal(events.length, status === 200 ? 1 : 0);
      });
    }
    it("REQUEST with a missing stage variable: 401", async () => {
      assert.equal(
        (await setUp({ authorizer: { type: "request", identitySource: "stageVariables.v" } }).call()).status,
        401,
      );
    });
    it("REQUEST without caching needs no identity source [configure a Lambda authorizer]", async () => {
      assert.equal((await setUp({ authorizer: { type: "request" } }).call({ headers: {} })).status, 200);
    });
  });

  describe("the event", () => {
    it(`TOKEN: only type, token and ARN [${INPUT}]`, async () => {
      const { call, events } = setUp({});
      await call({ path: "/pets/7" });
      assert.deepEqual(events, [
        { type: "TOKEN", authorizationToken: "token", methodArn: `${ARN}/test/GET/pets/7` },
      ]);
    });
    it(`REQUEST: the request with maps that are empty, not null [${INPUT}]`, async () => {
      const { call, events } = setUp({ authorizer: { type: "request" } });
      await call({ path: "/pets/7", headers: { H: "1" } });
      const [event] = events;
      assert.equal(event.type, "REQUEST");
      assert.equal(event.methodArn, `${ARN}/test/GET/pets/7`);
      assert.equal(event.resource, "/pets/{id}");
      assert.equal(event.path, "/pets/7");
      assert.equal(event.httpMethod, "GET");
      assert.equal(event.headers.H, "1");
      assert.deepEqual(event.multiValueHeaders.H, ["1"]);
      assert.deepEqual(event.pathParameters, { id: "7" });
      assert.deepEqual(event.queryStringParameters, {});
      assert.deepEqual(event.stageVariables, {});
      assert.equal(event.requestContext.resourcePath, "/pets/{id}");
      assert.equal("body" in event, false);
    });
  });

  describe("caching", () => {
    const cached = { authorizerResultTtlInSeconds: 300 };
    it("a result serves the same token again [configure a Lambda authorizer]", async () => {
      const { call, events } = setUp({ authorizer: cached, output: () => allow("*") });
      await call();
      await call();
      assert.equal(events.length, 1);
      await call({ headers: { Authorization: "other" } });
      assert.equal(events.length, 2);
    });
    it("the default TTL is 300 seconds [API reference, Authorizer]", async () => {
      const { call, events } = setUp({
        authorizer: { authorizerResultTtlInSeconds: undefined },
        output: () => allow("*"),
      });
      await call();
      await call();
      assert.equal(events.length, 1);
    });
    it("a TTL of 0 calls every time", async () => {
      const { call, events } = setUp({});
      await call();
      await call();
      assert.equal(events.length, 2);
    });
    it("the cached policy of one method refuses the next one [knowledge center, api-gateway-lambda-authorization-errors]", async () => {
      const { call, events } = setUp({ authorizer: cached });
      assert.equal((await call()).status, 200);
      const seen = await call({ path: "/pets/7" });
      assert.equal(seen.status, 403);
      assert.equal(seen.text, '{"Message":"User is not authorized to access this resource"}');
      assert.equal(events.length, 1);
    });
    it("an error is not cached", async () => {
      const { call, events } = setUp({ authorizer: cached, output: () => new Error("Unauthorized") });
      await call();
      await call();
      assert.equal(events.length, 2);
    });
    it("all identity sources together are the key", async () => {
      const { call, events } = setUp({
        authorizer: {
          ...cached,
          type: "request",
          identitySource: "method.request.header.H,method.request.querystring.q",
        },
        output: () => allow("*"),
      });
      await call({ path: "/pets?q=1", headers: { H: "a" } });
      await call({ path: "/pets?q=1", headers: { H: "a", Other: "x" } });
      await call({ path: "/pets?q=2", headers: { H: "a" } });
      assert.equal(events.length, 2);
    });
    it("no state is shared between gateways", async () => {
      for (let i = 0; i < 2; i += 1) {
        const { call, events } = setUp({ authorizer: cached, output: () => allow("*") });
        await call();
        assert.equal(events.length, 1);
      }
    });
  });

  it("security at the root applies to operations without security [import facts 31, recorded July 2025]", async () => {
    const gateway = gatewayFor({
      definition: openapi(
        { "/a": { get: operation(mockOf("1")) }, "/open": { get: operation(mockOf("1"), { security: [] }) } },
        {
          security: [{ auth: [] }],
          components: {
            securitySchemes: {
              auth: {
                type: "apiKey",
                name: "Authorization",
                in: "header",
                "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("f") },
              },
            },
          },
        },
      ),
    });
    assert.equal((await gateway.request("/a")).status, 401);
    assert.equal((await gateway.request("/open")).status, 200);
  });
  it("the authorizer's key is used when it is the API key source [Choose an API key source]", async () => {
    const run = (usageIdentifierKey: string) =>
      gatewayFor({
        definition: openapi(
          {
            "/a": {
              get: operation(mockOf('"$context.identity.apiKey"'), { security: [{ auth: [], key: [] }] }),
            },
          },
          {
            "x-amazon-apigateway-api-key-source": "AUTHORIZER",
            components: {
              securitySchemes: {
                key: { type: "apiKey", name: "x-api-key", in: "header" },
                auth: {
                  type: "apiKey",
                  name: "Authorization",
                  in: "header",
                  "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("auth") },
                },
              },
            },
          },
        ),
        apiKeys: ["good"],
        functions: { auth: async () => allow("*", { usageIdentifierKey }) },
      }).request({ path: "/a", headers: { Authorization: "t" } });
    assert.equal((await run("good")).text, '"good"');
    assert.equal((await run("bad")).status, 403);
  });
});
