import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { adopt, compile, loadDocument, routesOf } from "../../../openapi";
import { placeholderTargets } from "../../../openapi/compile/placeholders";

import { roundTrip, sameGateway } from "./support";

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
      ["optional-security", "settings-rule-unmatched"],
    );
  });
});
