import assert from "node:assert/strict";
import type { PlanJson } from "../../../offline/compare/plan-json";
import { callerChanges } from "../../../offline/compare/specs";

const plan = (required: boolean, more: object = {}): PlanJson => ({
  stack: "dev",
  findings: [],
  quotas: [],
  routes: [
    { service: "uuid-api", method: "GET", path: "/x", access: "read", integration: "http_proxy http://x" },
  ],
  resources: [
    { urn: "urn:0", type: "gateway:index:ApiService", name: "uuid-api", inputs: {} },
    {
      urn: "urn:1",
      parent: "urn:0",
      type: "aws:apigateway/restApi:RestApi",
      name: "whatever",
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

  /** A plan whose one route has the given scopes and whose API has the given policy. */
  const guarded = (scopes: string[], policy?: object, access = "read") => {
    const made = plan(false);
    const [, api] = made.resources;
    assert.ok(api && made.routes[0]);
    made.routes[0].access = access;
    const definition = JSON.parse(String(api.inputs.body));
    definition.paths["/x"].get.security = access === "public" ? [] : [{ "read-authorizer": scopes }];
    if (policy) definition["x-amazon-apigateway-policy"] = policy;
    api.inputs.body = JSON.stringify(definition);
    return made;
  };
  const weakened = (before: PlanJson, after: PlanJson) =>
    callerChanges(before, after).filter((change) => change.weakened);

  it("is weakened access when the resource policy is removed, or scopes that the routing table does not show", () => {
    assert.equal(weakened(guarded([], { Version: "2012-10-17" }), guarded([])).length, 1);
    assert.equal(weakened(guarded([], { Version: "1" }), guarded([], { Version: "2" })).length, 1);
    assert.deepEqual(weakened(guarded([]), guarded([], { Version: "2012-10-17" })), []);
    assert.equal(weakened(guarded(["a", "b"]), guarded(["a"])).length, 1);
    assert.deepEqual(weakened(guarded(["a"]), guarded(["a", "b"])), []);
  });

  it("is not reported again when the routing table shows it", () => {
    assert.deepEqual(callerChanges(guarded([]), guarded([], undefined, "public")), []);
  });
});
