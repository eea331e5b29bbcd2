import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { loadText, type SpecDocument } from "../../openapi";
import { fixtures } from "../support/fixtures";
import { problemsOf } from "./plain-spec";
import { readSpec, specFilesIn } from "./specs-in";

describe("The example's specs", () => {
  const specs = new Map<string, SpecDocument>();

  /** Those that say they are example.org's: whoever runs the gateway replaces them. */
  before(function () {
    for (const file of specFilesIn(projectRoot)) {
      const document = readSpec(projectRoot, file);
      const servers = JSON.stringify(document?.root.servers ?? []);
      if (document && /"url":"https:\/\/[\w.-]*\.example\.org/.test(servers)) specs.set(file, document);
    }
    if (specs.size > 0) return;
    console.log("    skipped: this project has specs of its own in place of the example's");
    this.skip();
  });

  it("are plain, and every operation has an id, a summary, a success and examples that its schemas accept", () => {
    const problems = [...specs].flatMap(([file, document]) =>
      problemsOf(document).map((problem) => `${file}: ${problem}`),
    );
    assert.deepEqual(problems, []);
  });

  it("name no domain but example.org's", () => {
    const known = ["opensource.org", "doi.org", "dx.doi.org"];
    const foreign = [...specs.keys()].flatMap((file) =>
      [...readFileSync(join(projectRoot, file), "utf8").matchAll(/https?:\/\/([a-z0-9.-]+)/gi)]
        .map(([, host = ""]) => host)
        .filter((host) => !host.endsWith("example.org") && !known.includes(host))
        .map((host) => `${file}: ${host}`),
    );
    assert.deepEqual(foreign, []);
  });
});

describe("A plain spec", () => {
  const text = readFileSync(join(fixtures, "specs/uuid-api.yaml"), "utf8");
  const problemsWith = (from: string, to: string) => {
    assert.ok(text.includes(from), `the spec does not have ${from}`);
    return problemsOf(loadText(text.replace(from, to), "broken.yaml")).join("\n");
  };

  it("has no problem", () => {
    assert.deepEqual(problemsOf(loadText(text, "uuid-api.yaml")), []);
  });

  it("is refused with an AWS extension, a missing example or one that the schema does not accept", () => {
    assert.match(
      problemsWith(
        "operationId: getStatus",
        "operationId: getStatus\n      x-amazon-apigateway-integration: { type: mock }",
      ),
      /x-amazon-apigateway-integration is an AWS extension/,
    );
    assert.match(
      problemsWith("mysql_connection: true", "mysql_connection: 1"),
      /does not accept the example/,
    );
    assert.match(problemsWith("              example: true\n", ""), /has no example/);
    assert.match(
      problemsWith("operationId: getStatus", "deprecated: false"),
      /GET \/status has no operationId/,
    );
    assert.match(problemsWith("operationId: getStatus", "operationId: getGreeting"), /names two operations/);
  });
});
