import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { projectRoot } from "../../lib/project-root";
import { compile, loadDocument, loadText, type SpecDocument } from "../../openapi";
import { operationName, operationsOf } from "../../openapi/operations";
import { problemsOf } from "./plain-spec";

const FOLDER = path.join(projectRoot, "specs");
const LEVELS = ["read", "create", "data-admin"];
const invokeArn = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
const targets = {
  authorizers: Object.fromEntries(LEVELS.map((level) => [level, { uri: invokeArn(level), ttlSeconds: 0 }])),
  notFound: { uri: invokeArn("not-found") },
};
/** What a plain spec can't say of these two services; the stacks' settings say it. */
const SETTINGS: Record<string, object> = {
  "workspaces-api": { trailingSlash: true, access: { schemes: { workspaceToken: "public" } } },
};

/** Operations by access, as the compiler understands the spec. */
function accessOf(name: string, document: SpecDocument): Map<string, string> {
  const { routes } = compile(document, SETTINGS[name] ?? {}, targets);
  const own = new Set(operationsOf(document).map(operationName));
  return new Map(
    routes
      .map((route): [string, string] => [`${route.method} ${route.path}`, route.access])
      .filter(([key]) => own.has(key)),
  );
}

describe("the specs in specs/", () => {
  const names = fs.readdirSync(FOLDER).map((file) => path.basename(file, ".yaml"));
  const documents = new Map(
    names.map((name) => [name, loadDocument(path.join(FOLDER, `${name}.yaml`))] as const),
  );

  it("cover the services of the stacks", () => {
    for (const name of ["uuid-api", "entity-api", "search-api", "ingest-api", "workspaces-api"]) {
      assert.ok(names.includes(name), `specs/${name}.yaml is missing`);
    }
  });

  for (const [name, document] of documents) {
    describe(name, () => {
      it("is plain, and every operation has an id, a summary, a success and examples its schemas accept", () => {
        assert.deepEqual(problemsOf(document), []);
      });

      it("compiles without a finding", () => {
        const { findings, routes } = compile(document, SETTINGS[name] ?? {}, targets);
        assert.deepEqual(findings, []);
        assert.ok(routes.length > operationsOf(document).length);
      });

      it("has an open GET /status for health checks", () => {
        assert.equal(accessOf(name, document).get("GET /status"), "public");
      });

      it("names no domain but example.org's", () => {
        const text = fs.readFileSync(path.join(FOLDER, `${name}.yaml`), "utf8");
        const hosts = [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host]) => host);
        const known = ["opensource.org", "doi.org", "dx.doi.org"];
        const foreign = hosts.filter((host) => !host?.endsWith("example.org") && !known.includes(host ?? ""));
        assert.deepEqual(foreign, []);
      });
    });
  }

  it("open only what production opens, and ask for the level that production asks for", () => {
    const entity = documents.get("entity-api");
    assert.ok(entity);
    const access = accessOf("entity-api", entity);
    const having = (level: string) =>
      [...access].flatMap(([operation, found]) => (found === level ? [operation] : []));
    assert.deepEqual(having("data-admin"), ["PUT /datasets/{id}/retract", "DELETE /flush-all-cache"]);
    assert.deepEqual(having("create"), [
      "POST /entities/{id}",
      "POST /entities/multiple-samples/{count}",
      "POST /datasets/components",
    ]);
    const writes = having("public").filter((operation) => !operation.startsWith("GET "));
    assert.deepEqual(writes, ["POST /entities/batch-ids", "POST /constraints"]);
  });

  it("leave no operation of the UUID API open but its greeting and its status", () => {
    const uuid = documents.get("uuid-api");
    assert.ok(uuid);
    const open = [...accessOf("uuid-api", uuid)].filter(([, access]) => access === "public");
    assert.deepEqual(
      open.map(([operation]) => operation),
      ["GET /", "GET /status"],
    );
  });

  it("are refused with an AWS extension, a missing example or one that the schema doesn't accept", () => {
    const text = fs.readFileSync(path.join(FOLDER, "uuid-api.yaml"), "utf8");
    const broken = (from: string, to: string) => {
      assert.ok(text.includes(from), `the spec has no ${from}`);
      return problemsOf(loadText(text.replace(from, to), "broken.yaml")).join("\n");
    };
    const extension = "operationId: getStatus\n      x-amazon-apigateway-integration: { type: mock }";
    assert.match(
      broken("operationId: getStatus", extension),
      /x-amazon-apigateway-integration is an AWS extension/,
    );
    assert.match(broken("mysql_connection: true", "mysql_connection: 1"), /doesn't accept the example/);
    assert.match(broken("          example: true\n", ""), /has no example/);
    assert.match(broken("operationId: getStatus", "deprecated: false"), /GET \/status has no operationId/);
    assert.match(broken("operationId: getStatus", "operationId: getGreeting"), /names two operations/);
  });
});
