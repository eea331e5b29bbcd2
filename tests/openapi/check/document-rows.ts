import { AUTHORIZER, get, schema, spec } from "../documents";

import {
  authorizers,
  content,
  many,
  ok,
  parameters,
  path,
  query,
  type Row,
  respond,
  schemes,
} from "./support";

export const DOCUMENT_ROWS = {
  "openapi-version": { refused: { ...spec({}), openapi: "3.1.0" }, accepted: spec({}) },
  "definition-size": { refused: spec({}), accepted: spec({}) },
  "resource-quota": { refused: spec(many(300, "p")), accepted: spec(many(299, "p")) },
  "authorizer-quota": { refused: spec({}, authorizers(11)), accepted: spec({}, authorizers(10)) },
  "base-path": {
    refused: spec({}, { servers: [{ url: "https://example.org/v3" }] }),
    accepted: spec({}, { servers: [{ url: "https://example.org/" }] }),
  },
  "several-servers": {
    refused: spec({}, { servers: [{ url: "https://a.example.org" }, { url: "https://b.example.org" }] }),
    accepted: spec({}, { servers: [{ url: "https://a.example.org" }] }),
  },
  webhooks: { refused: spec({}, { webhooks: {} }), accepted: spec({}) },
  "root-security": {
    refused: spec({}, { security: [{ key: [] }], ...schemes({ key: AUTHORIZER }) }),
    accepted: spec({}, { security: [] }),
  },
  "security-scheme-type": {
    refused: spec({}, schemes({ login: { type: "http", scheme: "bearer" } })),
    accepted: spec({}, schemes({ login: AUTHORIZER })),
  },
  "missing-security-scheme": {
    refused: get({ security: [{ login: [] }] }),
    accepted: get({ security: [{ login: [] }] }, "/things", schemes({ login: AUTHORIZER })),
  },
  "unenforced-scopes": {
    refused: get({ security: [{ login: ["admin:all"] }] }, "/things", schemes({ login: AUTHORIZER })),
    accepted: get(
      { security: [{ login: ["admin:all"] }] },
      "/things",
      schemes({ login: { ...AUTHORIZER, "x-amazon-apigateway-authtype": "cognito_user_pools" } }),
    ),
  },
  "wrong-structure": { refused: spec({ "/a": { get: { parameters: 5 } } }), accepted: spec({ "/a": ok }) },
  "missing-reference": {
    refused: get({ parameters: [{ $ref: "#/components/parameters/Id" }] }),
    accepted: get({ parameters: [{ $ref: "#/components/parameters/Id" }] }, "/things", {
      components: { parameters: { Id: query("id") } },
    }),
  },
  "path-start": { refused: spec({ things: ok }), accepted: spec({ "/things": ok }) },
  "path-segment": { refused: spec({ "/a b": ok }), accepted: spec({ "/a:b,c.d_e-f": ok }) },
  "partial-variable": { refused: spec({ "/a/{id}.json": ok }), accepted: spec({ "/a/{id}": ok }) },
  "path-variable-name": { refused: spec({ "/a/{an id}": ok }), accepted: spec({ "/a/{an-id}": ok }) },
  "sibling-variable": {
    refused: spec({ "/a/{id}": ok, "/a/{name}/b": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{id}/b": ok, "/b/{name}": ok }),
  },
  "sibling-greedy": {
    refused: spec({ "/a/{id}": ok, "/a/{proxy+}": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{id}/{proxy+}": ok }),
  },
  "greedy-child": { refused: spec({ "/{proxy+}/a": ok }), accepted: spec({ "/a/{proxy+}": ok }) },
  "duplicate-path": {
    refused: spec({ "/a/{id}": ok, "/a/{name}": ok }),
    accepted: spec({ "/a/{id}": ok, "/a/{name}": { put: ok.get } }),
  },
  "trailing-slash": { refused: spec({ "/a/": ok }), accepted: spec({ "/a": ok, "/": ok }) },
  "reserved-path": { refused: spec({ "/ping": ok }), accepted: spec({ "/a/ping": ok }) },
  "trace-method": { refused: spec({ "/a": { trace: ok.get } }), accepted: spec({ "/a": ok }) },
  "http-method": { refused: spec({ "/a": { query: ok.get } }), accepted: spec({ "/a": ok }) },
  "item-schema": {
    refused: respond({ content: { "application/jsonl": { itemSchema: { type: "object" } } } }),
    accepted: respond(content("application/jsonl")),
  },
  "empty-part": {
    refused: respond({ content: { "application/json": null } }),
    accepted: respond({ content: { "application/json": {} } }),
  },
  "operation-id": {
    refused: spec({
      "/a": { get: { ...ok.get, operationId: "x" } },
      "/b": { get: { ...ok.get, operationId: "x" } },
    }),
    accepted: spec({
      "/a": { get: { ...ok.get, operationId: "x" } },
      "/b": { get: { ...ok.get, operationId: "y" } },
    }),
  },
  "parameter-name": { refused: parameters(query("filter[a]")), accepted: parameters(query("filter.a")) },
  "parameter-unique": {
    refused: parameters(query("id"), { ...query("id"), in: "header" }),
    accepted: parameters(query("id"), { ...query("X-Id"), in: "header" }),
  },
  "cookie-parameter": {
    refused: parameters({ ...query("session"), in: "cookie" }),
    accepted: parameters(query("session")),
  },
  "parameter-place": { refused: parameters({ ...query("a"), in: "body" }), accepted: parameters(query("a")) },
  "undeclared-variable": {
    refused: get({}, "/things/{id}"),
    accepted: get({ parameters: [path("id")] }, "/things/{id}"),
  },
  "unused-path-parameter": {
    refused: parameters(path("id")),
    accepted: get({ parameters: [path("id")] }, "/things/{id}"),
  },
  "parameter-attributes": {
    refused: parameters(query("a", { example: "x" })),
    accepted: parameters(query("a", { description: "x" })),
  },
  "body-on-get": {
    refused: get({ requestBody: content("application/json") }),
    accepted: spec({ "/a": { post: { ...ok.get, requestBody: content("application/json") } } }),
  },
  "missing-responses": { refused: get({ responses: {} }), accepted: get({}) },
  "response-range": { refused: get({ responses: { "2XX": { description: "x" } } }), accepted: get({}) },
  "response-status": { refused: get({ responses: { ok: { description: "x" } } }), accepted: get({}) },
  "media-type": { refused: respond(content("*/*")), accepted: respond(content("application/json")) },
  callbacks: { refused: get({ callbacks: {} }), accepted: get({}) },
  links: { refused: respond({ links: {} }), accepted: respond({}) },
  "model-name": { refused: schema({ type: "object" }, "A_b"), accepted: schema({ type: "object" }, "Ab1") },
  "empty-model": { refused: schema({ description: "x" }), accepted: schema({ type: "object" }) },
  "reference-place": {
    refused: respond(content("application/json", { $ref: "#/paths" })),
    accepted: schema({ properties: { inner: { $ref: "#/components/schemas/Thing" } } }),
  },
  "schema-boolean": { refused: schema({ items: true }), accepted: schema({ items: {} }) },
  "schema-type": { refused: schema({ type: "file" }), accepted: schema({ type: "string" }) },
  "type-array": { refused: schema({ type: ["string", "integer"] }), accepted: schema({ type: "string" }) },
  nullable: {
    refused: schema({ type: "string", nullable: true }),
    accepted: schema({ type: "string", nullable: false }),
  },
  "exclusive-bound": { refused: schema({ exclusiveMinimum: 1 }), accepted: schema({ minimum: 1 }) },
  discriminator: {
    refused: schema({ oneOf: [{ type: "string" }], discriminator: { propertyName: "a" } }),
    accepted: schema({ oneOf: [{ type: "string" }] }),
  },
  "schema-keyword": {
    refused: schema({ type: "object", patternProperties: {} }),
    accepted: schema({ type: "object", properties: {} }),
  },
  "schema-const": {
    refused: schema({ type: "string", const: "a" }),
    accepted: schema({ type: "string", enum: ["a"] }),
  },
  "schema-value": {
    refused: schema({ type: "string", minLength: "3" }),
    accepted: schema({ type: "string", minLength: 3 }),
  },
  "schema-pattern": {
    refused: schema({ type: "string", pattern: "(?i)^abc$" }),
    accepted: schema({ type: "string", pattern: "^abc$" }),
  },
  "enum-duplicates": { refused: schema({ enum: ["a", "a"] }), accepted: schema({ enum: ["a", "b"] }) },
  "required-in-property": {
    refused: schema({ properties: { a: { type: "string", required: true } } }),
    accepted: schema({ properties: { a: { type: "string" } }, required: ["a"] }),
  },
  required: {
    refused: schema({ type: "object", required: [] }),
    accepted: schema({ type: "object", required: ["a"] }),
  },
  "array-items": { refused: schema({ type: "array" }), accepted: schema({ type: "array", items: {} }) },
  "reference-siblings": {
    refused: schema({ properties: { a: { $ref: "#/components/schemas/Thing", description: "x" } } }),
    accepted: schema({ properties: { a: { $ref: "#/components/schemas/Thing" } } }),
  },
  "schema-note": {
    refused: schema({ type: "string", readOnly: true }),
    accepted: schema({ type: "string" }),
  },
  "number-format": {
    refused: schema({ type: "integer", format: "int64" }),
    accepted: schema({ type: "string", format: "date" }),
  },
} satisfies Record<string, Row>;
