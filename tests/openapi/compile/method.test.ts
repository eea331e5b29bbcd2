import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import { get } from "../documents";

import { run } from "./support";

describe("compile: requests and responses", () => {
  it("declare of a parameter what API Gateway counts", () => {
    const parameters = [
      { name: "limit", in: "query", description: "x", example: 1, schema: { type: "integer", minimum: 1 } },
    ];
    const { definition } = run(get({ parameters }));
    assert.deepEqual(at(definition, ["paths", "/things", "get", "parameters"]), [
      { name: "limit", in: "query", required: false, description: "x", schema: { type: "integer" } },
    ]);
  });

  it("declare no cookie, no name that AWS refuses, no name twice; and say so", () => {
    const one = (name: string, place: string) => ({ name, in: place, schema: { type: "string" } });
    const parameters = [one("a", "query"), one("a", "header"), one("b[]", "query"), one("c", "cookie")];
    const { definition, changes } = run(get({ parameters }));
    assert.deepEqual(
      (at(definition, ["paths", "/things", "get", "parameters"]) as JsonObject[]).map(({ name }) => name),
      ["a"],
    );
    assert.deepEqual(
      changes.map(({ rule }) => rule).filter((rule) => /parameter/.test(rule)),
      ["parameter-unique", "parameter-name", "cookie-parameter"],
    );
  });

  it("declare a name once beside a path parameter of that name, which is renamed", () => {
    const one = (location: string) => ({ name: "id", in: location, schema: { type: "string" } });
    const { definition } = run(get({ parameters: [one("path"), one("query"), one("header")] }, "/a/{id}"));
    const declared = at(definition, ["paths", "/a/{id2}", "get", "parameters"]) as JsonObject[];
    assert.deepEqual(
      declared.map((parameter) => `${parameter.in} ${parameter.name}`),
      ["path id2", "query id"],
    );
  });

  it("expand ranges and leave default out", () => {
    const description = { description: "x" };
    const statuses = (responses: JsonObject) =>
      Object.keys(
        at(run(get({ responses })).definition, ["paths", "/things", "get", "responses"]) as JsonObject,
      );
    assert.deepEqual(statuses({ "2XX": description, default: description }), ["200"]);
    assert.deepEqual(statuses({ "200": description, "2XX": description, "4XX": description }), [
      "200",
      "400",
    ]);
    assert.deepEqual(statuses({ default: description }), ["200"]);
    assert.deepEqual(statuses({}), ["200"]);
  });

  it("check what `validate` asks for", () => {
    const { definition } = run(get({}), { validate: "both" });
    assert.deepEqual(definition["x-amazon-apigateway-request-validators"], {
      both: { validateRequestBody: true, validateRequestParameters: true },
    });
    assert.equal(definition["x-amazon-apigateway-request-validator"], "both");
    assert.equal(run(get({})).definition["x-amazon-apigateway-request-validators"], undefined);
  });

  it("leave the backend's CORS headers alone", () => {
    assert.ok(!JSON.stringify(run(get({})).definition).includes("Access-Control"));
  });
});
