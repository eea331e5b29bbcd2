import assert from "node:assert/strict";
import { createGateway, ImportError, serveDefinition } from "../../../gateway";
import { importDefinition } from "../../../gateway/rest-api/definition/import";
import { gatewayFor, lambdaUri, mockOf, openapi, operation } from "./support";

const VALIDATION = "localstack test_put_integration_validation snapshot (recorded on AWS)";
const NOTES = "developer guide, important notes";
const scope = { region: "eu-west-1", accountId: "123456789012", partition: "aws" };
const http = (rest: object = {}) => ({ type: "http", httpMethod: "GET", uri: "http://example.org", ...rest });

describe("what an import refuses", () => {
  for (const { name, source, definition, message } of [
    {
      name: "what is no OpenAPI document",
      source: "recorded: test_apigateway_import",
      definition: { paths: {} },
      message: "Invalid OpenAPI input.",
    },
    {
      name: "a path segment with other characters",
      source: NOTES,
      definition: openapi({ "/a b": { get: operation(mockOf("")) } }),
      message: "Unable to create resource at path '/a b'",
    },
    {
      name: "a parameter that is part of a segment",
      source: NOTES,
      definition: openapi({ "/resource{name}": { get: operation(mockOf("")) } }),
      message: "Resource's path part only allow",
    },
    {
      name: "two variables side by side",
      source: "recorded: CreateResource",
      definition: openapi({
        "/{proxy+}": { get: operation(mockOf("")) },
        "/{id}": { get: operation(mockOf("")) },
      }),
      message:
        "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
    },
    {
      name: "a child of a greedy path",
      source: "recorded: CreateResource",
      definition: openapi({ "/{proxy+}/x": { get: operation(mockOf("")) } }),
      message: "Cannot create a child of a resource with a greedy path variable: {proxy+}",
    },
    {
      name: "one name in two places",
      source: "recorded: test_create_method parameters",
      definition: openapi({
        "/a": {
          get: operation(mockOf(""), {
            parameters: [
              { name: "x", in: "query" },
              { name: "x", in: "header" },
            ],
          }),
        },
      }),
      message: "Parameter names must be unique across querystring, header and path",
    },
    {
      name: "HTTP without a method",
      source: VALIDATION,
      definition: openapi({ "/a": { get: operation({ type: "http", uri: "http://example.org" }) } }),
      message: "Enumeration value for HttpMethod must be non-empty",
    },
    {
      name: "an HTTP uri without a scheme",
      source: VALIDATION,
      definition: openapi({ "/a": { get: operation(http({ uri: "non-valid/arn" })) } }),
      message: "Invalid HTTP endpoint specified for URI",
    },
    {
      name: "an AWS uri that is no ARN",
      source: VALIDATION,
      definition: openapi({ "/a": { get: operation({ type: "aws", httpMethod: "POST", uri: "http://x" }) } }),
      message: "Invalid ARN specified in the request",
    },
    {
      name: "an ARN without path or action",
      source: VALIDATION,
      definition: openapi({
        "/a": {
          get: operation({
            type: "aws",
            httpMethod: "POST",
            uri: "arn:aws:lambda:us-east-1:123456789012:function:f",
          }),
        },
      }),
      message: "AWS ARN for integration must contain path or action",
    },
    {
      name: "AWS_PROXY to something else",
      source: VALIDATION,
      definition: openapi({
        "/a": {
          get: operation({
            type: "aws_proxy",
            httpMethod: "POST",
            uri: "arn:aws:apigateway:us-east-1:s3:path/b/k",
          }),
        },
      }),
      message:
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    },
    {
      name: "a template key that is no content type",
      source: "recorded: Invalid content type specified: 123",
      definition: openapi({ "/a": { get: operation(http({ requestTemplates: { 123: "{}" } })) } }),
      message: "Invalid content type specified: 123",
    },
    {
      name: "a status that is none",
      source: "import facts 11",
      definition: openapi({
        "/a": { get: operation(http({ responses: { default: { statusCode: "600" } } })) },
      }),
      message: "Invalid status code specified: 600",
    },
  ]) {
    it(`${name} [${source}]`, () => {
      assert.throws(
        () => createGateway({ definition }),
        (error: Error) =>
          error instanceof ImportError &&
          error.message.includes(message) &&
          error.message.startsWith("Errors found during import:\n\t"),
      );
    });
  }
  it("all problems are listed, not only the first [import facts 2]", () => {
    const definition = openapi(
      { "/a b": { get: operation(mockOf("")) }, "/c": { get: operation({ type: "http", uri: "x" }) } },
      { components: { schemas: { "a.b": {} } } },
    );
    assert.throws(
      () => createGateway({ definition }),
      (error: Error) => error instanceof ImportError && error.problems.length === 4,
    );
  });
  it("serveDefinition rejects as well, and leaves nothing open", async () => {
    await assert.rejects(serveDefinition({ definition: {} }), /Invalid OpenAPI input/);
  });
});

describe("what AWS refuses, but is clear: served, and named at start", () => {
  for (const { name, source, definition, message, status, method = "GET" } of [
    {
      name: "a mapping of an undeclared header",
      source: "import facts 9",
      status: 200,
      definition: openapi({
        "/a": {
          get: operation(
            mockOf("", {
              requestParameters: { "integration.request.header.x": "method.request.header.Authorization" },
            }),
          ),
        },
      }),
      message:
        "Unable to put integration on 'GET' for resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.header.Authorization]",
    },
    {
      name: "a response mapping to an undeclared header",
      source: "import facts 9",
      status: 200,
      method: "POST",
      definition: openapi({
        "/a": {
          post: operation(
            mockOf("", {
              responses: {
                default: {
                  statusCode: "200",
                  responseParameters: { "method.response.header.Location": "'x'" },
                },
              },
            }),
          ),
        },
      }),
      message:
        "Unable to put integration response on 'POST' for resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.Location]",
    },
    {
      name: "a method without an integration",
      source: "CreateDeployment: No integration defined for method",
      status: 500,
      definition: openapi({ "/a": { get: {} } }),
      message: "No integration defined for method",
    },
    {
      name: "a model name with other characters",
      source: NOTES,
      status: 200,
      definition: openapi(
        { "/a": { get: operation(mockOf("")) } },
        { components: { schemas: { body_1: { type: "object" } } } },
      ),
      message: "Model name must be alphanumeric: body_1",
    },
    {
      name: "a Lambda proxy without a method",
      source: "PutIntegration: Enumeration value for HttpMethod must be non-empty",
      status: 200,
      definition: openapi({ "/a": { get: operation({ type: "aws_proxy", uri: lambdaUri("f") }) } }),
      message: "Enumeration value for HttpMethod must be non-empty",
    },
  ]) {
    it(`${name} [${source}]`, async () => {
      const notes: string[] = [];
      const functions = { f: async () => ({ statusCode: 200 }) };
      const gateway = gatewayFor({ definition, functions, log: (line) => notes.push(line) });
      assert.ok(notes[0]?.startsWith("AWS would refuse this definition: "));
      assert.ok(notes[0]?.includes(message), notes[0]);
      assert.equal((await gateway.request({ path: "/a", method })).status, status);
    });
  }
  it("a security scheme that API Gateway does not enforce is named [guide, x-amazon-apigateway-authorizer]", async () => {
    const notes: string[] = [];
    const gateway = gatewayFor({
      definition: openapi(
        { "/a": { get: operation(mockOf(""), { security: [{ oauth: [] }] }) } },
        { components: { securitySchemes: { oauth: { type: "oauth2", flows: {} } } } },
      ),
      log: (line) => notes.push(line),
    });
    assert.deepEqual(notes, ["GET /a: the security scheme oauth has no authorizer, AWS does not enforce it"]);
    assert.equal((await gateway.request("/a")).status, 200);
  });
  it("it is part of the error when something else cannot be served", () => {
    const definition = openapi({ "/a": { get: {} }, "/b": { get: operation({ type: "http", uri: "x" }) } });
    assert.throws(() => createGateway({ definition }), /No integration defined for method: 'GET'/);
  });
});

describe("what an import makes of a definition", () => {
  it("types and behaviors in any case, defaults [import facts 23]", () => {
    const [method] = importDefinition(
      openapi({
        "/a": {
          get: operation({
            type: "Http_Proxy",
            httpMethod: "get",
            uri: "http://x",
            passthroughBehavior: "when_no_templates",
            contentHandling: "convert_to_text",
          }),
        },
      }),
      scope,
    ).methods;
    const { integration } = method as NonNullable<typeof method>;
    assert.deepEqual(
      [
        integration.type,
        integration.httpMethod,
        integration.passthroughBehavior,
        integration.contentHandling,
        integration.timeoutMs,
        integration.connectionType,
      ],
      ["HTTP_PROXY", "GET", "WHEN_NO_TEMPLATES", "CONVERT_TO_TEXT", 29000, "INTERNET"],
    );
  });
  it("AWS:: variables are replaced [import facts 27]", () => {
    const [method] = importDefinition(
      openapi({
        "/a": {
          get: operation({
            type: "aws_proxy",
            httpMethod: "POST",
            uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f/invocations",
          }),
        },
      }),
      scope,
    ).methods;
    assert.equal(
      method?.integration.uri,
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f/invocations",
    );
  });
  it("path parameters appear by themselves, required [import facts 15]", () => {
    assert.deepEqual(
      importDefinition(openapi({ "/a/{id}/{rest+}": { get: operation(mockOf("")) } }), scope).methods[0]
        ?.parameters,
      [
        { location: "path", name: "id", required: true },
        { location: "path", name: "rest", required: true },
      ],
    );
  });
  it("a mapping that is no text is left out [import facts 4, recorded]", () => {
    assert.deepEqual(
      importDefinition(
        openapi({
          "/a": {
            get: operation(
              http({
                requestParameters: {
                  "integration.request.header.x": true,
                  "integration.request.header.y": "'1'",
                },
              }),
            ),
          },
        }),
        scope,
      ).methods[0]?.integration.requestParameters,
      [{ location: "header", name: "y", source: "'1'" }],
    );
  });
  it("status codes as numbers [import facts 24, recorded]", () => {
    assert.equal(
      importDefinition(
        openapi({ "/a": { get: operation(http({ responses: { 404: { statusCode: 404 } } })) } }),
        scope,
      ).methods[0]?.integration.responses[0]?.statusCode,
      404,
    );
  });
  it("an apiKey scheme without an authorizer asks for a key [import facts 30, recorded]", () => {
    const [method] = importDefinition(
      openapi(
        { "/a": { get: operation(mockOf(""), { security: [{ k: [] }] }) } },
        { components: { securitySchemes: { k: { type: "apiKey", name: "x-api-key", in: "header" } } } },
      ),
      scope,
    ).methods;
    assert.equal(method?.apiKeyRequired, true);
    assert.equal(method?.authorization.type, "NONE");
  });
  it("servers and their base path do not matter [serveDefinition]", async () => {
    assert.equal(
      (
        await gatewayFor({
          definition: openapi(
            { "/a": { get: operation(mockOf("1")) } },
            {
              servers: [
                { url: "https://x.example.org/{basePath}", variables: { basePath: { default: "/v1" } } },
              ],
            },
          ),
        }).request("/a")
      ).status,
      200,
    );
  });
  it("Swagger 2.0 works as well", async () => {
    const gateway = gatewayFor({
      definition: {
        swagger: "2.0",
        info: { title: "t", version: "1" },
        "x-amazon-apigateway-request-validator": "v",
        "x-amazon-apigateway-request-validators": { v: { validateRequestBody: true } },
        securityDefinitions: {
          auth: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("f") },
          },
        },
        definitions: { Pet: { type: "object", required: ["name"] } },
        paths: {
          "/a": {
            get: operation(mockOf("1"), { security: [{ auth: [] }] }),
            post: operation(mockOf("2"), {
              consumes: ["application/json"],
              parameters: [{ in: "body", name: "Pet", schema: { $ref: "#/definitions/Pet" } }],
            }),
          },
        },
      },
    });
    assert.equal((await gateway.request("/a")).status, 401);
    assert.equal((await gateway.request({ path: "/a", method: "POST", body: "{}" })).status, 400);
    assert.equal((await gateway.request({ path: "/a", method: "POST", body: '{"name":1}' })).status, 200);
  });
});
