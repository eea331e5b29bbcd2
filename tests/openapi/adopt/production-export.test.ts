import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { objectAt } from "../../../lib/json";
import { projectRoot } from "../../../lib/project-root";
import { adopt, compile, loadDocument, routesOf } from "../../../openapi";
import { placeholderTargets } from "../../../openapi/compile/placeholders";
import { fixtures } from "../../support/fixtures";
import { roundTrip, sameGateway } from "./support";

describe("an export with the shape and the mistakes of a production API", () => {
  const load = () => loadDocument(join(fixtures, "exports/herbarium-api.yaml"));

  it("comes back as the same gateway: 57 routes, three authorizers, 5 long timeouts", () => {
    sameGateway(load());
    const { compiled } = roundTrip(load());
    assert.equal(routesOf(compiled).length, 57);
    assert.equal((JSON.stringify(compiled).match(/"timeoutInMillis":60000/g) ?? []).length, 5);
    const schemes = Object.keys(objectAt(objectAt(compiled, "components"), "securitySchemes") ?? {});
    assert.deepEqual(schemes.sort(), [
      "Herbarium-Create-Group-Authorizer",
      "Herbarium-Data-Admin-Group-Authorizer",
      "Herbarium-Read-Group-Authorizer",
    ]);
  });

  it("has its mistakes found, each at its operation", () => {
    const found = adopt(load())
      .findings.filter(({ rule }) => rule !== "proxy-response-mapping")
      .map(({ rule, message }) => `${rule}: ${message.split(" ").slice(0, 2).join(" ")}`);
    assert.deepEqual(found.sort(), [
      "gateway-response-quotes: The template",
      "gateway-response-quotes: The template",
      "missing-options: /my-groups has",
      "missing-options: /purge-cache has",
      "missing-options: /purge-cache/{id} has",
      "options-uri-path: OPTIONS /specimens/batch/{count}",
      "public-write: POST /rules",
      "public-write: POST /specimens/batch-ids",
      "public-write: PUT /loans",
      "public-write: PUT /sheets",
      "uri-path: GET /collections/redirect/{id}",
      "uri-path: GET /sheet/image-url/{id}",
      "uri-path: GET /specimens/sheet/image-url/{id}",
      "weak-write: DELETE /purge-cache/{id}",
      "weak-write: PUT /specimens/{param}",
    ]);
  });

  it("loses those that are fixed, and no others", () => {
    const rules = ["missing-options", "options-uri-path", "gateway-response-quotes"];
    const before = adopt(load());
    const { fixed, findings } = adopt(load(), { fix: rules });
    assert.equal(fixed.length, 6);
    assert.equal(findings.length, before.findings.length - fixed.length);
    const { compiled } = roundTrip(load(), rules);
    const routes = routesOf(compiled).map(
      ({ method, path, integration }) => `${method} ${path} ${integration}`,
    );
    assert.ok(routes.some((route) => /^OPTIONS \/my-groups /.test(route)));
    assert.ok(
      routes.some((route) =>
        /^OPTIONS \/specimens\/batch\/\{count\} .*\/specimens\/batch\/\{count\}/.test(route),
      ),
    );
  });
});

const DATA = join(projectRoot, "../shared/data/hubmap");

describe("the production export of the reference data", () => {
  before(function () {
    if (existsSync(join(DATA, "entity-api-export.yaml"))) return;
    console.log("    skipped: ../shared/data/hubmap is not there");
    this.skip();
  });

  const load = () => loadDocument(join(DATA, "entity-api-export.yaml"));

  it("comes back as the same gateway: 111 routes, three authorizers, 23 long timeouts", () => {
    sameGateway(load());
    const { compiled } = roundTrip(load());
    assert.equal(routesOf(compiled).length, 111);
    assert.equal((JSON.stringify(compiled).match(/"timeoutInMillis":60000/g) ?? []).length, 23);
  });

  it("holds the hand errors that a reader finds", () => {
    const found = adopt(load()).findings.map(
      ({ rule, message }) => `${rule}: ${message.split(" ").slice(0, 2).join(" ")}`,
    );
    for (const one of [
      "options-uri-path: OPTIONS /entities/multiple-samples/{count}",
      "uri-path: GET /entities/dataset/globus-url/{id}",
      "uri-path: GET /dataset/globus-url/{id}",
      "missing-options: /usergroups has",
      "public-write: PUT /datasets",
      "weak-write: DELETE /flush-cache/{id}",
    ]) {
      assert.ok(found.includes(one), one);
    }
  });

  it("gives the team's own spec its routing table by the settings, for every route that both have", () => {
    const { settings } = adopt(load(), { fix: ["missing-options", "options-uri-path"] });
    const document = loadDocument(join(DATA, "entity-api-spec.yaml"));
    const { routes, findings } = compile(document, settings, placeholderTargets(settings));
    const key = ({ method: name, path }: { method: string; path: string }) =>
      `${name} ${path.replaceAll(/\{[^}+]*\}/g, "{}")}`;
    const row = (route: { access: string; integration: string }) =>
      `${route.access} ${route.integration.replaceAll(/\{[^}$]*\}$/g, "{}").replaceAll(/\/\{[^}]*\}/g, "/{}")}`;
    const production = new Map(routesOf(load().root).map((route) => [key(route), row(route)]));
    const shared = routes.filter((route) => production.has(key(route)));
    assert.ok(shared.length > 50, String(shared.length));
    const differing = shared.filter((route) => production.get(key(route)) !== row(route)).map(key);
    assert.deepEqual(differing, ["OPTIONS /entities/multiple-samples/{}"]);
    assert.deepEqual(
      [...new Set(findings.map(({ rule }) => rule))],
      ["optional-security", "settings-rule-unmatched", "writes-like-reads"],
    );
    // The export does not have this route of the spec, so it has no rule.
    const writes = findings.find(({ rule }) => rule === "writes-like-reads");
    assert.match(writes?.message ?? "", /^1 write has .* DELETE \/entities\/{id}\/flush-cache\.$/);
  });
});
