import assert from "node:assert/strict";
import { type RouteMatch, Router } from "../../../gateway/rest-api/router";
import { gatewayFor, mockOf, openapi, operation } from "./support";

const ROUTING = "recorded: TestApigatewayRouting";
const PROXY = "recorded: test_lambda_aws_proxy_integration";
const GUIDE = "developer guide, Set up a proxy integration with a proxy resource";

interface Case {
  source: string;
  routes: string[];
  request: string;
  /** The route, with the values of its variables; undefined: none. */
  found?: string;
  values?: Record<string, string>;
}

const CASES: Case[] = [
  { source: ROUTING, routes: ["GET /existing"], request: "GET /existing", found: "GET /existing" },
  { source: ROUTING, routes: ["GET /existing"], request: "GET /random-non-existing" },
  { source: ROUTING, routes: ["GET /existing"], request: "POST /existing" },
  {
    source: ROUTING,
    routes: ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"],
    request: "OPTIONS /test",
    found: "OPTIONS /{proxy+}",
    values: { proxy: "test" },
  },
  {
    source: ROUTING,
    routes: ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"],
    request: "POST /test",
    found: "POST /test",
  },
  {
    source: ROUTING,
    routes: ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"],
    request: "OPTIONS /test/any",
    found: "ANY /test/any",
  },
  {
    source: ROUTING,
    routes: ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"],
    request: "GET /test/any",
    found: "ANY /test/any",
  },
  {
    source: ROUTING,
    routes: ["GET /part1", "GET /{param+}", "GET /part1/hardcoded-value"],
    request: "GET /part1",
    found: "GET /part1",
  },
  {
    source: ROUTING,
    routes: ["GET /part1", "GET /{param+}", "GET /part1/hardcoded-value"],
    request: "GET /part1/hardcoded-value",
    found: "GET /part1/hardcoded-value",
  },
  {
    source: ROUTING,
    routes: ["GET /part1", "GET /{param+}", "GET /part1/hardcoded-value"],
    request: "GET /part1/random-value",
    found: "GET /{param+}",
    values: { param: "part1/random-value" },
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}", "ANY /hardcoded"],
    request: "GET /proxy-value",
    found: "ANY /{proxy+}",
    values: { proxy: "proxy-value" },
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}", "ANY /hardcoded"],
    request: "GET /proxy-value/",
    found: "ANY /{proxy+}",
    values: { proxy: "proxy-value" },
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}", "ANY /hardcoded"],
    request: "GET /proxy-value//double-slash",
    found: "ANY /{proxy+}",
    values: { proxy: "proxy-value//double-slash" },
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}", "ANY /hardcoded"],
    request: "GET //proxy-value",
    found: "ANY /{proxy+}",
    values: { proxy: "proxy-value" },
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}", "ANY /hardcoded"],
    request: "GET //hardcoded",
    found: "ANY /hardcoded",
  },
  {
    source: PROXY,
    routes: ["ANY /{proxy+}"],
    request: "GET /user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
    found: "ANY /{proxy+}",
    values: { proxy: "user/test%2Balias@gmail.com/plus/test+alias@gmail.com" },
  },
  { source: GUIDE, routes: ["ANY /{proxy+}"], request: "GET /" },
  { source: GUIDE, routes: ["ANY /", "ANY /{proxy+}"], request: "GET /", found: "ANY /" },
  { source: GUIDE, routes: ["ANY /parent/{proxy+}"], request: "GET /parent" },
  { source: GUIDE, routes: ["ANY /parent/{proxy+}"], request: "GET /parent/" },
  {
    source: GUIDE,
    routes: ["ANY /parent/{proxy+}"],
    request: "GET /parent/a/b",
    found: "ANY /parent/{proxy+}",
    values: { proxy: "a/b" },
  },
  {
    source: GUIDE,
    routes: ["GET /users/me", "GET /users/{id}"],
    request: "GET /users/me",
    found: "GET /users/me",
  },
  {
    source: GUIDE,
    routes: ["GET /users/me", "GET /users/{id}"],
    request: "GET /users/7",
    found: "GET /users/{id}",
    values: { id: "7" },
  },
  {
    source: GUIDE,
    routes: ["GET /users/me/settings", "GET /users/{id}/profile"],
    request: "GET /users/me/profile",
    found: "GET /users/{id}/profile",
    values: { id: "me" },
  },
  {
    source: GUIDE,
    routes: ["GET /a/{id}"],
    request: "GET /a/x%2Fy",
    found: "GET /a/{id}",
    values: { id: "x%2Fy" },
  },
  { source: GUIDE, routes: ["GET /a/{id}"], request: "GET /a/x/y" },
  { source: GUIDE, routes: ["GET /a"], request: "GET /a/", found: "GET /a" },
  { source: GUIDE, routes: ["GET /a"], request: "GET /A" },
  {
    source: "developer guide, x-amazon-apigateway-any-method",
    routes: ["GET /a", "ANY /a"],
    request: "GET /a",
    found: "GET /a",
  },
  {
    source: "developer guide, x-amazon-apigateway-any-method",
    routes: ["GET /a", "ANY /a"],
    request: "DELETE /a",
    found: "ANY /a",
  },
  {
    source: "developer guide, x-amazon-apigateway-any-method",
    routes: ["ANY /a"],
    request: "HEAD /a",
    found: "ANY /a",
  },
  { source: "developer guide, x-amazon-apigateway-any-method", routes: ["ANY /a"], request: "TRACE /a" },
  { source: ROUTING, routes: ["GET /a"], request: "HEAD /a" },
];

describe("routing", () => {
  for (const { source, routes, request, found, values = {} } of CASES) {
    it(`${request} among ${routes.join(", ")} is ${found ?? "not found"} [${source}]`, () => {
      const router = new Router<string>();
      for (const route of routes) {
        const [method = "", path = ""] = route.split(" ");
        router.add(path, method, route);
      }
      const [method = "", path = ""] = request.split(" ");
      const match: RouteMatch<string> | undefined = router.find(method, path);
      assert.equal(match?.target, found);
      if (found) assert.deepEqual(match?.pathParameters, values);
    });
  }

  it("an undefined path is 403 Missing Authentication Token [recorded: test_routing_not_found]", async () => {
    const gateway = gatewayFor({ definition: openapi({ "/a": { get: operation(mockOf("{}")) } }) });
    const seen = await gateway.request("/b");
    assert.equal(seen.status, 403);
    assert.equal(seen.text, '{"message":"Missing Authentication Token"}');
    assert.equal(seen.headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
    assert.equal(seen.headers["content-type"], "application/json");
    assert.equal(seen.headers["x-amzn-trace-id"], undefined);
  });

  it("X-HTTP-Method-Override decides the method [important notes]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": { put: operation(mockOf('"$context.httpMethod"')) } }),
    });
    const seen = await gateway.request({
      path: "/a",
      method: "POST",
      headers: { "X-HTTP-Method-Override": "PUT" },
    });
    assert.equal(seen.text, '"PUT"');
  });

  it("a custom domain's base path is not part of the API's paths [developer guide, API mappings]", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": { get: operation(mockOf('"$context.path $context.domainName"')) } }),
    });
    const seen = await gateway.request({
      path: "/v1/orders/a",
      domainName: "api.example.org",
      basePath: "v1/orders",
    });
    assert.equal(seen.text, '"/v1/orders/a api.example.org"');
  });
});
