import assert from "node:assert/strict";
import type { PlanJson } from "../../../ops/compare/base";
import { callerChanges } from "../../../ops/compare/specs";

const plan = (required: boolean, more: object = {}): PlanJson => ({
  stack: "dev",
  findings: [],
  quotas: [],
  routes: [
    { service: "uuid-api", method: "GET", path: "/x", access: "read", integration: "http_proxy http://x" },
  ],
  resources: [
    {
      urn: "urn:1",
      type: "aws:apigateway/restApi:RestApi",
      name: "uuid-api-api",
      inputs: {
        body: JSON.stringify({
          openapi: "3.0.1",
          info: { title: "x", version: "1" },
          paths: {
            "/x": {
              get: {
                parameters: [{ name: "q", in: "query", required, schema: { type: "string" } }],
                responses: {},
              },
            },
            ...more,
          },
        }),
      },
    },
  ],
});

describe("What changes for callers between two plans", () => {
  it("is nothing when the definitions are the same", () => {
    assert.deepEqual(callerChanges(plan(false), plan(false)), []);
  });

  it("is breaking when a parameter becomes required, and not the other way round", () => {
    const [change] = callerChanges(plan(false), plan(true));
    assert.equal(change?.service, "uuid-api");
    assert.equal(change?.where, "GET /x");
    assert.equal(change?.breaking, true);
    assert.ok(callerChanges(plan(true), plan(false)).every(({ breaking }) => !breaking));
  });

  it("leaves routes to the comparison that knows the stack's levels", () => {
    assert.deepEqual(callerChanges(plan(false), plan(false, { "/y": { get: { responses: {} } } })), []);
  });
});
