import type { JsonObject } from "../../../lib/json";
import { check, loadValue } from "../../../openapi";
import { AUTHORIZER, definition, get, method, NOT_FOUND, RESPONSES } from "../documents";

export interface Row {
  refused: JsonObject;
  accepted: JsonObject;
}

export const INTEGRATION = "x-amazon-apigateway-integration";
export const ok = { get: { responses: RESPONSES } };
export const query = (name: string, more: JsonObject = {}) => ({
  name,
  in: "query",
  schema: { type: "string" },
  ...more,
});
export const path = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
export const parameters = (...list: JsonObject[]) => get({ parameters: list });
export const schemes = (value: JsonObject) => ({ components: { securitySchemes: value } });
export const many = (count: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`/${prefix}${index}`, ok]));
export const authorizers = (count: number) =>
  schemes(Object.fromEntries(Array.from({ length: count }, (_, index) => [`level${index}`, AUTHORIZER])));
export const content = (type: string, value: unknown = { type: "object" }) => ({
  content: { [type]: { schema: value } },
});
export const respond = (response: JsonObject) =>
  get({ responses: { "200": { description: "The answer", ...response } } });
/** A definition whose only method is GET on the path, with this laid over its integration */
export const call = (overlay: JsonObject, route = "/things/{id}", more: JsonObject = {}) =>
  definition(route, { get: method("GET", route, overlay, more) });
export const both = schemes({ read: AUTHORIZER, create: AUTHORIZER });
export const guarded = (name: string) => ({ security: [{ [name]: [] }] });
export const template = (text: string) =>
  definition(
    "/things",
    { get: method("GET", "/things") },
    {
      "x-amazon-apigateway-gateway-responses": {
        UNAUTHORIZED: { responseTemplates: { "application/json": text } },
      },
    },
  );
export const lambda = NOT_FOUND[INTEGRATION].uri;

export function rulesFoundIn(value: JsonObject): string[] {
  return check(loadValue(structuredClone(value))).map(({ rule }) => rule);
}
