import assert from "node:assert/strict";
import { stringify } from "yaml";
import { at, type JsonObject, objectAt } from "../../../lib/json";
import { adopt, compile, loadText, routesOf, type SpecDocument } from "../../../openapi";
import { normalIntegration } from "../../../openapi/adopt/normal";
import { placeholderTargets } from "../../../openapi/compile/placeholders";
import { method, RESPONSES } from "../documents";

export const INTEGRATION = "x-amazon-apigateway-integration";
export const arn = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
export const lambda = (name: string, more: JsonObject = {}) => ({
  type: "aws_proxy",
  httpMethod: "POST",
  uri: arn(name),
  passthroughBehavior: "when_no_match",
  ...more,
});

/** A gateway with everything that a plain spec can't say. */
export const FOREIGN: JsonObject = {
  openapi: "3.0.1",
  info: { title: "foreign", version: "2024-01-01T00:00:00Z" },
  servers: [
    {
      url: "https://abc.execute-api.us-east-1.amazonaws.com/{basePath}",
      variables: { basePath: { default: "/live" } },
    },
  ],
  paths: {
    "/pets": {
      get: {
        parameters: [{ name: "type", in: "query", schema: { type: "string" } }],
        responses: {
          "200": {
            description: "200 response",
            headers: { "Access-Control-Allow-Origin": { schema: { type: "string" } } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Pets" } } },
          },
        },
        "x-amazon-apigateway-request-validator": "params",
        [INTEGRATION]: {
          type: "http",
          httpMethod: "GET",
          uri: "https://petstore.example.org/pets",
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.Access-Control-Allow-Origin": "'*'" },
            },
          },
          requestParameters: { "integration.request.querystring.type": "method.request.querystring.type" },
          passthroughBehavior: "when_no_match",
        },
      },
      post: {
        responses: RESPONSES,
        security: [{ pool: ["pets/write"] }],
        [INTEGRATION]: lambda("create-pet", { contentHandling: "CONVERT_TO_TEXT" }),
      },
      options: {
        responses: {
          "200": {
            description: "200 response",
            headers: { "Access-Control-Allow-Methods": { schema: { type: "string" } } },
          },
        },
        [INTEGRATION]: {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.Access-Control-Allow-Methods": "'GET'" },
            },
          },
        },
      },
    },
    "/pets/{id}": {
      get: { responses: RESPONSES, security: [{ guard: [], api_key: [] }], [INTEGRATION]: lambda("get-pet") },
      delete: {
        responses: RESPONSES,
        security: [{ api_key: [] }],
        [INTEGRATION]: {
          type: "aws",
          httpMethod: "POST",
          uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue",
          credentials: "arn:aws:iam::123456789012:role/r",
          requestTemplates: { "application/json": "Action=SendMessage" },
        },
      },
      put: {
        responses: RESPONSES,
        "x-amazon-apigateway-auth": { type: "AWS_IAM" },
        [INTEGRATION]: lambda("put-pet", { timeoutInMillis: 3000 }),
      },
    },
    "/health": {
      get: {
        responses: RESPONSES,
        [INTEGRATION]: { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' } },
      },
    },
    "/backend/{id}": {
      get: method("GET", "/backend/{id}", {
        connectionId: "abc123",
        uri: "http://internal.example.org/x/{id}",
      }),
      put: method("PUT", "/backend/{id}", { timeoutInMillis: 60_000 }),
    },
    "/{proxy+}": {
      "x-amazon-apigateway-any-method": {
        parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
        responses: {},
        security: [{ pool: [] }],
        [INTEGRATION]: lambda("monolith", {
          cacheNamespace: "x1y2z3",
          cacheKeyParameters: ["method.request.path.proxy"],
        }),
      },
    },
  },
  components: {
    schemas: { Pets: { type: "array", items: { type: "object" } } },
    securitySchemes: {
      pool: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
          type: "cognito_user_pools",
          providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x"],
        },
      },
      guard: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: arn("guard"),
          identitySource: "method.request.header.A, method.request.querystring.b",
          authorizerResultTtlInSeconds: 60,
        },
      },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    },
  },
  "x-amazon-apigateway-request-validators": {
    params: { validateRequestBody: false, validateRequestParameters: true },
  },
  "x-amazon-apigateway-binary-media-types": ["image/png"],
  "x-amazon-apigateway-gateway-responses": {
    DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.X": "'y'" } },
  },
  "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [] },
  "x-amazon-apigateway-api-key-source": "HEADER",
};

/** Writes what adopt made as YAML, reads and compiles it as the command line does. */
export function roundTrip(document: SpecDocument, fix: string[] = []) {
  const adoption = adopt(document, { fix });
  const text = stringify(adoption.spec, { aliasDuplicateObjects: false });
  const compiled = compile(
    loadText(text, "spec.yaml"),
    adoption.settings,
    placeholderTargets(adoption.settings),
  );
  return {
    ...adoption,
    text,
    compiled: compiled.definition,
    errors: compiled.findings.filter(({ level }) => level === "error"),
  };
}

export function gatewayOf(value: JsonObject) {
  const integrations = Object.entries(objectAt(value, "paths") ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, JsonObject>).map(([key, operation]) => [
      `${key} ${path}`,
      {
        integration: comparable(operation[INTEGRATION] as JsonObject),
        security: operation.security ?? [],
        validator: operation["x-amazon-apigateway-request-validator"],
        auth: operation["x-amazon-apigateway-auth"],
      },
    ]),
  );
  return {
    routes: routesOf(value)
      .map(({ method, path, access, integration }) => `${method} ${path} ${access} ${integration}`)
      .sort(),
    methods: Object.fromEntries(integrations),
    authorizers: at(value, ["components", "securitySchemes"]),
    extensions: Object.fromEntries(Object.entries(value).filter(([key]) => key.startsWith("x-"))),
  };
}

/** What the 404 function answers is one text, whatever `contentHandling` and the cache's keys say. */
export function comparable(value: JsonObject): JsonObject {
  const normal = normalIntegration(value);
  const { contentHandling: _, cacheNamespace: __, cacheKeyParameters: ___, ...rest } = normal;
  return /404|not-found/.test(String(rest.uri)) ? rest : normal;
}

export function sameGateway(before: SpecDocument): void {
  const was = JSON.parse(JSON.stringify(before.root));
  const { compiled, differences, errors } = roundTrip(before);
  assert.deepEqual([differences, errors], [[], []]);
  assert.deepEqual(gatewayOf(JSON.parse(JSON.stringify(compiled))), gatewayOf(was));
}
