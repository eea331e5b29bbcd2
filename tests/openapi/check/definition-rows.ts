import { AUTHORIZER, definition, method, NOT_FOUND, RESPONSES, spec, VPC } from "../documents";

import { both, call, guarded, lambda, type Row, schemes, template } from "./support";

export const DEFINITION_ROWS = {
  "missing-integration": {
    refused: definition("/things", { get: { responses: RESPONSES } }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "integration-type": { refused: call({ type: "htp" }), accepted: call({ type: "HTTP_PROXY" }) },
  "http-not-proxy": {
    refused: call({ type: "http", responses: { default: { statusCode: "200" } } }),
    accepted: call({
      type: "http",
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": "{}" } } },
    }),
  },
  "integration-method": {
    refused: call({ httpMethod: "" }),
    accepted: call({ type: "mock", httpMethod: "" }),
  },
  "lambda-method": {
    refused: call({ type: "aws_proxy", httpMethod: "GET", uri: lambda }),
    accepted: call({ type: "aws_proxy", httpMethod: "POST", uri: lambda }),
  },
  "method-differs": { refused: call({ httpMethod: "POST" }), accepted: call({ httpMethod: "GET" }) },
  "connection-id": { refused: call({ connectionId: "" }), accepted: call({}) },
  "connection-type": { refused: call({ connectionType: "INTERNET" }), accepted: call({}) },
  "stage-variable": {
    refused: call({ uri: "http://${stageVariables.VPCLNB}/things/{id}" }),
    accepted: call({ uri: `${VPC}/things/{id}` }),
  },
  "integration-uri": {
    refused: call({ uri: "backend.example.org/things/{id}" }),
    accepted: call({ uri: "https://backend.example.org/things/{id}" }),
  },
  "uri-path": { refused: call({ uri: `${VPC}/other/{id}` }), accepted: call({ uri: `${VPC}/things/{id}/` }) },
  "options-uri-path": {
    refused: definition("/things", { options: method("OPTIONS", "/other") }),
    accepted: definition("/things", { options: method("OPTIONS", "/things") }),
  },
  "unmapped-variable": { refused: call({ requestParameters: {} }), accepted: call({}) },
  "unused-mapping": {
    refused: call({ uri: `${VPC}/things` }),
    accepted: call({}),
  },
  "crossed-mapping": {
    refused: call(
      {
        requestParameters: {
          "integration.request.path.a": "method.request.path.b",
          "integration.request.path.b": "method.request.path.a",
        },
      },
      "/things/{a}/{b}",
    ),
    accepted: call({}, "/things/{a}/{b}"),
  },
  "mapping-source": {
    refused: call({ requestParameters: { "integration.request.path.id": "method.request.path.name" } }),
    accepted: call({ requestParameters: { "integration.request.path.id": "context.requestId" } }),
  },
  "mapping-target": {
    refused: call({ requestParameters: { "integration.request.cookie.id": "'a'" } }),
    accepted: call({ requestParameters: { "integration.request.header.id": "'a'" } }),
  },
  "integration-status": {
    refused: call({ responses: { default: { statusCode: "99" } } }),
    accepted: call({ responses: { default: { statusCode: "599" } } }),
  },
  "template-content-type": {
    refused: call({ requestTemplates: { json: "{}" } }),
    accepted: call({ requestTemplates: { "application/json": "{}" } }),
  },
  "mapping-format": {
    refused: call({ requestParameters: { "integration.request.header.nothing": true } }),
    accepted: call({ requestParameters: { "integration.request.header.nothing": "'true'" } }),
  },
  "response-mapping": {
    refused: call({
      type: "mock",
      responses: {
        default: { statusCode: "200", responseParameters: { "method.response.header.Location": "'/'" } },
      },
    }),
    accepted: call(
      {
        type: "mock",
        responses: {
          default: { statusCode: "200", responseParameters: { "method.response.header.Location": "'/'" } },
        },
      },
      "/things/{id}",
      { responses: { "200": { description: "x", headers: { Location: { schema: { type: "string" } } } } } },
    ),
  },
  "proxy-response-mapping": {
    refused: call({
      responses: {
        default: { statusCode: "200", responseParameters: { "method.response.header.A": "'*'" } },
      },
    }),
    accepted: call({ responses: { default: { statusCode: "200" } } }),
  },
  "timeout-range": { refused: call({ timeoutInMillis: 49 }), accepted: call({ timeoutInMillis: 50 }) },
  "timeout-quota": {
    refused: call({ timeoutInMillis: 29_001 }),
    accepted: call({ timeoutInMillis: 29_000 }),
  },
  "options-authorizer": {
    refused: definition("/things", { options: method("OPTIONS", "/things", {}, guarded("read")) }, both),
    accepted: definition("/things", { get: method("GET", "/things", {}, guarded("read")) }, both),
  },
  "missing-options": {
    refused: spec({ "/things": { get: method("GET", "/things") } }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "missing-catch-all": {
    refused: spec({
      "/things": { get: method("GET", "/things") },
      "/": { "x-amazon-apigateway-any-method": NOT_FOUND },
    }),
    accepted: definition("/things", { get: method("GET", "/things") }),
  },
  "authorizer-definition": {
    refused: spec(
      {},
      schemes({ login: { ...AUTHORIZER, "x-amazon-apigateway-authorizer": { type: "token" } } }),
    ),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "public-write": {
    refused: definition(
      "/things",
      { get: method("GET", "/things", {}, guarded("read")), put: method("PUT", "/things") },
      both,
    ),
    accepted: definition("/things", { get: method("GET", "/things"), put: method("PUT", "/things") }, both),
  },
  "weak-write": {
    refused: definition(
      "/things",
      {
        get: method("GET", "/things", {}, guarded("read")),
        put: method("PUT", "/things", {}, guarded("read")),
        post: method("POST", "/things", {}, guarded("create")),
      },
      both,
    ),
    accepted: definition(
      "/things",
      {
        get: method("GET", "/things", {}, guarded("read")),
        put: method("PUT", "/things", {}, guarded("create")),
      },
      both,
    ),
  },
  "gateway-response-quotes": {
    refused: template('{"message": "$context.error.message"}'),
    accepted: template('{"message": $context.error.messageString}'),
  },
  "extension-name": {
    refused: definition("/things", {}, { "x-amazon-apigateway-gatway-responses": {} }),
    accepted: definition("/things", {}, { "x-amazon-apigateway-gateway-responses": {} }),
  },
  "extension-key": { refused: call({ timeoutInMilis: 100 }), accepted: call({ timeoutInMillis: 100 }) },
  "extension-value": {
    refused: call({ connectionType: "VPN" }),
    accepted: call({ connectionType: "vpc_link" }),
  },
  "extension-member": {
    refused: spec(
      {},
      schemes({ login: { ...AUTHORIZER, "x-amazon-apigateway-authorizer": { authorizerUri: lambda } } }),
    ),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "missing-validator": {
    refused: definition("/things", {}, { "x-amazon-apigateway-request-validator": "all" }),
    accepted: definition(
      "/things",
      {},
      {
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-request-validators": { all: { validateRequestBody: true } },
      },
    ),
  },
  "cloudformation-function": {
    refused: call({ uri: { "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/x" } }),
    accepted: call({ uri: `${VPC}/things/{id}` }),
  },
  "authorizer-scheme": {
    refused: spec({}, schemes({ login: { ...AUTHORIZER, type: "http", scheme: "bearer" } })),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "authorizer-uri": {
    refused: spec(
      {},
      schemes({
        login: {
          ...AUTHORIZER,
          "x-amazon-apigateway-authorizer": {
            type: "token",
            authorizerUri: "arn:aws:lambda:us-east-1:123456789012:function:read",
          },
        },
      }),
    ),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "missing-authorizer": {
    refused: spec(
      {},
      schemes({
        login: { type: "apiKey", name: "a", in: "header", "x-amazon-apigateway-authtype": "custom" },
      }),
    ),
    accepted: spec(
      {},
      schemes({
        login: { type: "apiKey", name: "a", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      }),
    ),
  },
  "several-authorizers": {
    refused: definition(
      "/things",
      { get: method("GET", "/things", {}, { security: [{ read: [], create: [] }] }) },
      both,
    ),
    accepted: definition("/things", { get: method("GET", "/things", {}, guarded("read")) }, both),
  },
  "http-api": {
    refused: definition("/things", {}, { "x-amazon-apigateway-importexport-version": "1.0" }),
    accepted: definition("/things", {}),
  },
} satisfies Record<string, Row>;
