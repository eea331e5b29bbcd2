import assert from "node:assert/strict";
import { serveStack } from "../../commands/local/serve";
import { smoke } from "../../commands/local/smoke";
import { planOfRecording } from "../../offline/plan";
import type { Recording } from "../../offline/recording";
import { routesOf } from "../../openapi";
import { corsHeaders, retiredDefinition } from "../../stacks/retired";
import { fixtures, recorded, recordFixture, stackConfig } from "../support/fixtures";

const uri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:redirect/invocations";

describe("A retired API", function () {
  this.timeout(120_000);
  let recording: Recording;

  before(async () => {
    const config = stackConfig("dev");
    const services = config["gateway:services"] as Record<string, unknown>[];
    const search = services.find(({ name }) => name === "search-api");
    recording = await recordFixture("dev", {
      settingsOverride: {
        "gateway:services": services.map((one) => (one === search ? { ...one, basePath: "v3" } : one)),
        "gateway:retired": [
          {
            name: "search-v2-api",
            domain: "search-api.dev.example.org",
            basePath: "v2",
            redirectTo: "https://search-api.dev.example.org/v3",
          },
        ],
        "gateway:cors": { allowOrigin: "https://portal.example.org", allowHeaders: "Authorization" },
      },
    });
  });
  const below = (type: string) =>
    recording.resources.filter(
      (one) => one.type.endsWith(`:${type}`) && one.name.startsWith("search-v2-api"),
    );

  it("leads every method and path to its redirect function", () => {
    const routes = routesOf(
      JSON.parse(retiredDefinition("search-v2-api", uri, "arn:aws:iam::123456789012:role/invoke")),
    );
    assert.deepEqual(routes.map(({ method, path, access }) => `${method} ${path} ${access}`).sort(), [
      "ANY / public",
      "ANY /{proxy+} public",
    ]);
  });

  it("has neither listener nor target group nor stage variables, and shares its successor's domain", () => {
    for (const type of ["Listener", "TargetGroup", "TargetGroupAttachment"]) {
      assert.deepEqual(below(type), [], type);
    }
    assert.deepEqual(below("Stage")[0]?.inputs.variables, {});
    const mappings = recording.resources
      .filter(({ type }) => type.endsWith(":ApiMapping"))
      .map(({ name }) => name);
    assert.ok(mappings.includes("search-api.dev.example.org-mapping-v2"));
    assert.ok(mappings.includes("search-api.dev.example.org-mapping-v3"));
  });

  it("is told to operators, planned without an error, and needs no spec", () => {
    const services = recording.outputs.services as Record<string, { url: string }>;
    assert.equal(services["search-v2-api"]?.url, "https://search-api.dev.example.org/v2");
    assert.deepEqual(
      planOfRecording(recording).findings.filter(({ level }) => level === "error"),
      [],
    );
  });

  it("passes the smoke test, which follows no redirect", async () => {
    const lines: string[] = [];
    assert.ok(
      await smoke({ stack: "dev", root: fixtures, recording }, (line) => lines.push(line)),
      lines.join("\n"),
    );
    assert.ok(
      lines.some((line) => /^ok {6}retired +GET \/any\/path of search-v2-api → 307$/.test(line)),
      lines.join("\n"),
    );
  });

  it("sends its callers to the same path and query of the successor, with the CORS headers", async () => {
    const stack = await serveStack({ stack: "dev", root: fixtures, recording, port: 0 });
    try {
      const url = `http://127.0.0.1:${stack.port}/search-v2-api/indices?size=1`;
      const answer = await fetch(url, { redirect: "manual" });
      assert.equal(answer.status, 307);
      assert.equal(answer.headers.get("location"), "https://search-api.dev.example.org/v3/indices?size=1");
      assert.equal(answer.headers.get("access-control-allow-origin"), "https://portal.example.org");
      const missing = await fetch(`http://127.0.0.1:${stack.port}/uuid-api/no/such/path`);
      assert.equal(missing.status, 404);
      assert.equal(missing.headers.get("access-control-allow-headers"), "Authorization");
      assert.equal(missing.headers.get("access-control-allow-methods"), null);
      assert.equal(stack.backends.byService.get("search-v2-api"), undefined);
    } finally {
      await stack.close();
    }
  });

  it("costs nothing where there is none: no function, no headers", async () => {
    const { resources } = await recorded("dev");
    assert.deepEqual(
      resources.filter(({ name }) => name.includes("redirect")),
      [],
    );
    assert.equal(corsHeaders(undefined), undefined);
  });
});
