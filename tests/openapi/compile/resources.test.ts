import assert from "node:assert/strict";
import { importDefinition } from "../../../gateway/rest-api/definition/import";
import { at } from "../../../lib/json";
import { check, loadValue } from "../../../openapi";
import { RESPONSES, spec, VPC } from "../documents";

import { errors, INTEGRATION, ok, pathParameters, routes, run } from "./support";

describe("compile: routes", () => {
  it("sends each operation to its path on the backend, OPTIONS beside it, the rest to the 404 function", () => {
    assert.deepEqual(routes(spec({ "/things/{id}": ok }), { access: { default: "public" } }), [
      "GET /things/{id} public http_proxy /things/{id}",
      "OPTIONS /things/{id} public http_proxy /things/{id}",
      "ANY / public aws_proxy not-found",
      "ANY /{proxy+} public aws_proxy not-found",
    ]);
  });

  it("writes a private integration over the stage's VPC link", () => {
    const { definition } = run(spec({ "/things/{id}": ok }), { timeoutMs: { default: 5000 } });
    assert.deepEqual(at(definition, ["paths", "/things/{id}", "get", INTEGRATION]), {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "http://${stageVariables.VPCNLB}/things/{id}",
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.VPCLINK}",
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 5000,
      requestParameters: { "integration.request.path.id": "method.request.path.id" },
    });
  });

  it("puts the catch-all below a variable at the root, where {proxy+} may not stand", () => {
    assert.deepEqual(
      routes(spec({ "/{index}/search": ok, "/status": ok }), { options: false }).filter((route) =>
        route.startsWith("ANY"),
      ),
      [
        "ANY / public aws_proxy not-found",
        "ANY /{index} public aws_proxy not-found",
        "ANY /{index}/{proxy+} public aws_proxy not-found",
      ],
    );
  });

  it("follows variables down to where a greedy one may stand", () => {
    const any = routes(spec({ "/{a}/{b}": ok }), { options: false }).filter((route) =>
      route.startsWith("ANY"),
    );
    assert.deepEqual(any.map((route) => route.split(" ")[1]).sort(), [
      "/",
      "/{a}",
      "/{a}/{b}",
      "/{a}/{b}/{proxy+}",
    ]);
  });

  it("shares the spec's own greedy variable", () => {
    const any = routes(spec({ "/{rest+}": ok })).filter((route) => route.startsWith("ANY"));
    assert.deepEqual(any.map((route) => route.split(" ")[1]).sort(), ["/", "/{rest+}"]);
  });

  it("adds no catch-all and no OPTIONS where the settings say so", () => {
    assert.deepEqual(routes(spec({ "/a": ok, "/b": ok }), { catchAll: false, options: { except: ["/a"] } }), [
      "GET /a read http_proxy /a",
      "GET /b read http_proxy /b",
      "OPTIONS /b public http_proxy /b",
    ]);
  });

  it("gives one name to the variables of a position, and the backend's own back", () => {
    const { definition, changes } = run(spec({ "/a/{id}": ok, "/a/{name}/b": ok }));
    assert.equal(at(definition, ["paths", "/a/{id}/b", "get", INTEGRATION, "uri"]), `${VPC}/a/{name}/b`);
    assert.deepEqual(pathParameters(at(definition, ["paths", "/a/{id}/b", "get"])), {
      "integration.request.path.name": "method.request.path.id",
    });
    assert.deepEqual(
      changes.filter(({ rule }) => rule === "sibling-variable").map(({ where }) => where),
      ["spec#/paths/~1a~1{name}~1b"],
    );
  });

  it("renames a variable that a query parameter is called like", () => {
    const parameters = [{ name: "id", in: "query", schema: { type: "string" } }];
    const { definition } = run(spec({ "/a/{id}": { get: { parameters, responses: RESPONSES } } }));
    assert.deepEqual(pathParameters(at(definition, ["paths", "/a/{id2}", "get"])), {
      "integration.request.path.id": "method.request.path.id2",
    });
  });

  it("merges paths that are one resource, and refuses what is one method of it", () => {
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{name}": { put: ok.get } })), []);
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{name}": ok })), ["duplicate-path"]);
  });

  for (const [path, rule] of [
    ["/a b", "path-segment"],
    ["/a?b=c", "path-segment"],
    ["/a//b", "path-segment"],
    ["/a/$b", "path-segment"],
    ["/a/{id}.json", "partial-variable"],
    ["/{proxy+}/a", "greedy-child"],
  ] as const) {
    it(`refuses ${path}, as check does`, () => {
      assert.deepEqual(errors(spec({ [path]: ok })), [rule]);
      assert.ok(check(loadValue(spec({ [path]: ok }))).some((finding) => finding.rule === rule));
    });
  }

  for (const [path, written] of [
    ["/a/{a:b}", "/a/{a:b}"],
    ["/a/{id:[0-9]+}", "/a/{id}"],
    ["/a/{an id}", "/a/{anid}"],
    ["/a/{a$b}", "/a/{ab}"],
    ["/a/{the rest+}", "/a/{therest+}"],
  ] as const) {
    it(`writes ${path} as ${written}, which the gateway serves`, () => {
      const { definition, findings } = run(spec({ [path]: ok }), { catchAll: false });
      assert.deepEqual([findings, Object.keys(definition.paths as object)], [[], [written]]);
      importDefinition(definition, { region: "us-east-1", accountId: "123456789012", partition: "aws" });
    });
  }

  it("refuses a path without its slash instead of mending it unsaid", () => {
    assert.deepEqual(errors(spec({ status: ok })), ["path-start"]);
  });

  it("refuses a variable beside a greedy one", () => {
    assert.deepEqual(errors(spec({ "/a/{id}": ok, "/a/{rest+}": ok })), ["sibling-greedy"]);
  });

  it("keeps a trailing slash towards the backend only", () => {
    assert.deepEqual(routes(spec({ "/a/": ok }), { catchAll: false, options: false }), [
      "GET /a read http_proxy /a/",
    ]);
  });

  it("ends every backend path in a slash where the backend is Django's", () => {
    const list = routes(spec({ "/a/{id}": ok, "/": ok }), {
      trailingSlash: true,
      catchAll: false,
      options: false,
    });
    assert.deepEqual(
      list.map((route) => route.split(" ").at(-1)),
      ["/a/{id}/", "/"],
    );
  });

  it("leaves TRACE out with a warning", () => {
    const { findings, routes: table } = run(spec({ "/a": { trace: ok.get } }), { catchAll: false });
    assert.deepEqual(
      [table, findings.map(({ rule, level }) => `${level} ${rule}`)],
      [[], ["warning unsupported-method"]],
    );
  });

  it("refuses more than 300 resources unless the quota was raised", () => {
    const paths = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`/p${index}`, ok]));
    assert.deepEqual(errors(spec(paths)), ["resource-quota"]);
    assert.deepEqual(errors(spec(paths), { quotas: { resources: 400 } }), []);
  });
});
