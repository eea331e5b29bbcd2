import { at, type JsonObject } from "../../../lib/json";
import { type CompileSettings, compile, loadValue } from "../../../openapi";
import { RESPONSES, schema, VPC } from "../documents";

const arn = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
export const targets = {
  authorizers: {
    read: { uri: arn("read"), ttlSeconds: 0 },
    create: { uri: arn("create"), ttlSeconds: 300 },
    "data-admin": { uri: arn("data-admin"), ttlSeconds: 0 },
  },
  notFound: {
    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:not-found/invocations",
  },
};
export const INTEGRATION = "x-amazon-apigateway-integration";
export const ok = { get: { responses: RESPONSES } };

export function run(value: JsonObject, settings: CompileSettings = {}) {
  return compile(loadValue(structuredClone(value), "spec"), settings, targets);
}

export function routes(value: JsonObject, settings: CompileSettings = {}): string[] {
  return run(value, settings).routes.map(
    ({ method, path, access, integration }) => `${method} ${path} ${access} ${integration.replace(VPC, "")}`,
  );
}

export function errors(value: JsonObject, settings: CompileSettings = {}): string[] {
  return run(value, settings)
    .findings.filter(({ level }) => level === "error")
    .map(({ rule }) => rule);
}

export function model(value: unknown, settings: CompileSettings = {}, more: JsonObject = {}): unknown {
  return at(run(schema(value, "Thing", more), settings).definition, ["components", "schemas", "Thing"]);
}

export const pathParameters = (method: unknown) => at(method, [INTEGRATION, "requestParameters"]);
