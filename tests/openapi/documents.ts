import type { JsonObject } from "../../lib/json";

/** Small documents for the tests of this folder. */

export const RESPONSES = { "200": { description: "The answer" } };
export const VPC = "http://${stageVariables.VPCNLB}";

/** A plain spec with these paths; `more` goes over the root. */
export function spec(paths: unknown, more: JsonObject = {}): JsonObject {
  return { openapi: "3.0.3", info: { title: "Example", version: "1" }, paths: paths as JsonObject, ...more };
}

/** A spec with one GET whose operation is completed by `operation`. */
export function get(operation: JsonObject, path = "/things", more: JsonObject = {}): JsonObject {
  return spec({ [path]: { get: { responses: RESPONSES, ...operation } } }, more);
}

/** A spec with the one schema. */
export function schema(value: unknown, name = "Thing", more: JsonObject = {}): JsonObject {
  return spec({}, { components: { schemas: { [name]: value } }, ...more });
}

/** A private integration as compile makes it. */
export function integration(method: string, path: string, more: JsonObject = {}): JsonObject {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const requestParameters = Object.fromEntries(
    names.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
  );
  return {
    type: "http_proxy",
    httpMethod: method,
    uri: VPC + path,
    connectionType: "VPC_LINK",
    connectionId: "${stageVariables.VPCLINK}",
    ...(names.length > 0 && { requestParameters }),
    ...more,
  };
}

export function method(
  name: string,
  path: string,
  overlay: JsonObject = {},
  more: JsonObject = {},
): JsonObject {
  return {
    responses: RESPONSES,
    ...more,
    "x-amazon-apigateway-integration": integration(name, path, overlay),
  };
}

export const NOT_FOUND = {
  responses: RESPONSES,
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:not-found/invocations",
  },
};

export const AUTHORIZER = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "custom",
  "x-amazon-apigateway-authorizer": {
    type: "token",
    authorizerUri:
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:read/invocations",
  },
};

/** A whole definition: the path's methods, OPTIONS, and the catch-all. */
export function definition(path: string, methods: JsonObject, more: JsonObject = {}): JsonObject {
  return spec(
    {
      [path]: { options: method("OPTIONS", path), ...methods },
      "/": { "x-amazon-apigateway-any-method": NOT_FOUND },
      "/{proxy+}": { "x-amazon-apigateway-any-method": NOT_FOUND },
    },
    more,
  );
}
