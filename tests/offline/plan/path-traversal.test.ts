import assert from "node:assert/strict";
import { modelOf } from "../../../offline/model";
import { pathTraversalFindings } from "../../../offline/plan/path-traversal";
import { recorded } from "../../support/fixtures";
import { make, set } from "../wires";

type Routes = Record<string, string | undefined>;

/** The findings of the dev stack when uuid-api has these operations, each with a level or none. */
async function findings(routes: Routes, rules: object[]) {
  const recording = await recorded("dev");
  make((find) => {
    const paths: Record<string, Record<string, object>> = {};
    for (const [name, level] of Object.entries(routes)) {
      const [method = "", path = ""] = name.split(" ");
      paths[path] ??= {};
      paths[path][method.toLowerCase()] = {
        security: level ? [{ [`${level}-authorizer`]: [] }] : [],
        "x-amazon-apigateway-integration": { type: "http_proxy", uri: "http://x" },
      };
    }
    set(find("RestApi", "uuid-api"), { body: JSON.stringify({ openapi: "3.0.1", paths }) });
    const acl = find("WebAcl", undefined, ({ scope }) => scope !== undefined);
    set(acl, { rules });
  }, recording);
  return pathTraversalFindings(modelOf(recording)).filter(({ where }) => where.includes("uuid-api"));
}

const dotSegments = {
  name: "no-dot-segments",
  action: { block: {} },
  statement: { regexMatchStatement: { fieldToMatch: { uriPath: {} }, regexString: "%2e" } },
};

describe("Encoded dot segments", function () {
  this.timeout(60_000);

  it("are a finding that names both routes of each pair", async () => {
    const [found, ...others] = await findings(
      { "GET /entities/{id}": undefined, "GET /datasets/unpublished": "read", "GET /status": undefined },
      [],
    );
    assert.deepEqual(others, []);
    assert.equal(found?.level, "warning");
    assert.match(
      found?.message ?? "",
      /^GET \/entities\/\{id\} \(public\): .* may reach GET \/datasets\/unpublished \(read\) without their authorizer/,
    );
    assert.doesNotMatch(found?.message ?? "", /status/);
  });

  it("are one between two levels when someone holds only the weaker one", async () => {
    const routes = { "DELETE /cache/{id}": "read", "DELETE /everything": "data-admin" };
    assert.equal((await findings(routes, [])).length, 1);
    assert.deepEqual(await findings({ "DELETE /cache/{id}": "data-admin", "DELETE /x": "read" }, []), []);
  });

  it("are none without a variable, with another method, or with one level", async () => {
    for (const routes of [
      { "GET /entities": undefined, "GET /datasets": "read" },
      { "GET /entities/{id}": undefined, "PUT /datasets": "read" },
      { "GET /entities/{id}": "read", "GET /datasets": "read" },
    ] as Routes[]) {
      assert.deepEqual(await findings(routes, []), []);
    }
  });

  it("are only information when a web ACL rule blocks them", async () => {
    const routes = { "GET /entities/{id}": undefined, "GET /datasets": "read" };
    const [found] = await findings(routes, [dotSegments]);
    assert.equal(found?.level, "info");
    const [counted] = await findings(routes, [{ ...dotSegments, action: { count: {} } }]);
    assert.equal(counted?.level, "warning");
  });
});
