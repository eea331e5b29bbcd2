import assert from "node:assert/strict";
import type { JsonObject } from "../../../lib/json";
import { adopt, check, loadValue } from "../../../openapi";
import { FIXES } from "../../../openapi/adopt/fixes";
import { AUTHORIZER, definition, method, NOT_FOUND, RESPONSES, spec, VPC } from "../documents";

import { INTEGRATION, lambda, roundTrip, sameGateway } from "./support";

describe("the hand errors", () => {
  const crossed = {
    "integration.request.path.a": "method.request.path.b",
    "integration.request.path.b": "method.request.path.a",
  };
  const template = {
    UNAUTHORIZED: {
      statusCode: 401,
      responseTemplates: { "application/json": '{"message": "$context.error.message"}' },
    },
  };
  const both = { components: { securitySchemes: { read: AUTHORIZER } } };
  const cases: Record<string, JsonObject> = {
    "uri-path": definition("/a", { get: method("GET", "/b") }),
    "options-uri-path": definition("/a", { get: method("GET", "/a"), options: method("OPTIONS", "/b") }),
    "http-not-proxy": definition("/a", { get: method("GET", "/a", { type: "http" }) }),
    "method-differs": definition("/a", { get: method("POST", "/a") }),
    "lambda-method": definition("/a", {
      get: { responses: RESPONSES, [INTEGRATION]: lambda("x", { httpMethod: "GET" }) },
    }),
    "connection-id": definition("/a", { get: method("GET", "/a", { connectionId: "" }) }),
    "connection-type": definition("/a", { get: method("GET", "/a", { connectionType: "INTERNET" }) }),
    "unmapped-variable": definition("/a/{id}", { get: method("GET", "/a/{id}", { requestParameters: {} }) }),
    "unused-mapping": definition("/a/{id}", { get: method("GET", "/a/{id}", { uri: `${VPC}/a` }) }),
    "crossed-mapping": definition("/a/{a}/{b}", {
      get: method("GET", "/a/{a}/{b}", { requestParameters: crossed }),
    }),
    "options-authorizer": definition(
      "/a",
      { get: method("GET", "/a"), options: method("OPTIONS", "/a", {}, { security: [{ read: [] }] }) },
      both,
    ),
    "proxy-response-mapping": definition("/a", {
      get: method("GET", "/a", {
        responses: {
          default: { statusCode: "200", responseParameters: { "method.response.header.A": "'*'" } },
        },
      }),
    }),
    "missing-options": spec({
      "/a": { get: method("GET", "/a") },
      "/{proxy+}": { "x-amazon-apigateway-any-method": NOT_FOUND },
      "/": { "x-amazon-apigateway-any-method": NOT_FOUND },
    }),
    "missing-catch-all": spec({ "/a": { get: method("GET", "/a"), options: method("OPTIONS", "/a") } }),
    "gateway-response-quotes": definition(
      "/a",
      { get: method("GET", "/a") },
      { "x-amazon-apigateway-gateway-responses": template },
    ),
  };

  it("that can be mended all have a case here", () =>
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(FIXES).sort()));

  for (const [rule, value] of Object.entries(cases)) {
    it(`${rule} is reported and kept, and gone after --fix ${rule}`, () => {
      const kept = adopt(loadValue(structuredClone(value)));
      assert.ok(kept.findings.some((finding) => finding.rule === rule && finding.fixable));
      sameGateway(loadValue(structuredClone(value)));
      const { compiled, fixed, differences } = roundTrip(loadValue(structuredClone(value)), [rule]);
      assert.deepEqual([fixed[0]?.rule, differences], [rule, []]);
      assert.ok(!check(loadValue(compiled)).some((finding) => finding.rule === rule));
    });
  }

  it("are mended in one operation alone where that is asked for", () => {
    const value = spec({ "/a": { get: method("GET", "/b") }, "/c": { get: method("GET", "/d") } });
    const { settings, fixed } = adopt(loadValue(value), { fix: ["uri-path:GET /a"] });
    assert.deepEqual([fixed.length, settings.backendPaths], [1, { "GET /c": "/d" }]);
  });

  it("are not invented where there are none", () => {
    assert.deepEqual(adopt(loadValue(definition("/a/{id}", { get: method("GET", "/a/{id}") }))).findings, []);
  });
});
