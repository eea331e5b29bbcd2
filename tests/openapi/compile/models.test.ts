import assert from "node:assert/strict";
import { at } from "../../../lib/json";
import { check, loadValue } from "../../../openapi";
import { get, RESPONSES, schema, spec } from "../documents";

import { errors, model, ok, run } from "./support";

describe("compile: models", () => {
  it("have names of letters and digits, with every reference following", () => {
    const { definition } = run(
      spec(
        {},
        {
          components: {
            schemas: {
              "My_thing.v1": { type: "object" },
              MyThingV1: { type: "string" },
              User: { properties: { a: { $ref: "#/components/schemas/My_thing.v1" } } },
            },
          },
        },
      ),
    );
    assert.deepEqual(at(definition, ["components", "schemas"]), {
      MyThingV12: { type: "object" },
      MyThingV1: { type: "string" },
      User: { properties: { a: { $ref: "#/components/schemas/MyThingV12" } } },
    });
  });

  for (const [what, from, to] of [
    ["nullable", { type: "string", nullable: true }, { type: "string" }],
    ["a type array with null", { type: ["string", "null"] }, { type: "string" }],
    ["a type array", { type: ["string", "integer"] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
    ["const", { const: "a" }, { enum: ["a"] }],
    ["null in an enum", { enum: ["a", null] }, { enum: ["a"] }],
    ["anyOf with null", { anyOf: [{ type: "string" }, { type: "null" }] }, { allOf: [{ type: "string" }] }],
    [
      "an exclusive bound of 3.1",
      { type: "integer", exclusiveMinimum: 3, minimum: 1 },
      { type: "integer", minimum: 3 },
    ],
    [
      "an exclusive bound of 3.0",
      { type: "integer", exclusiveMinimum: true, minimum: 1 },
      { type: "integer", minimum: 1 },
    ],
    [
      "notes",
      { type: "string", example: "a", readOnly: true, xml: {}, "x-a": 1, default: "b" },
      { type: "string" },
    ],
    ["number formats", { type: "integer", format: "int64" }, { type: "integer" }],
    ["other formats", { type: "string", format: "date-time" }, { type: "string", format: "date-time" }],
    ["an array without items", { type: "array" }, { type: "array", items: {} }],
    [
      "tuples",
      { type: "array", prefixItems: [{ type: "string" }], items: false },
      { type: "array", items: {} },
    ],
    [
      "true and false",
      { type: "object", properties: { a: true, b: false } },
      { type: "object", properties: { a: {}, b: { not: {} } } },
    ],
    [
      "pattern properties",
      { type: "object", patternProperties: { "^a": {} }, additionalProperties: false },
      { type: "object" },
    ],
    ["an empty required", { type: "object", required: [] }, { type: "object" }],
    [
      "a discriminator",
      { oneOf: [{ type: "string" }], discriminator: { propertyName: "a" } },
      { oneOf: [{ type: "string" }] },
    ],
    [
      "a property called __proto__",
      JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'),
      JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'),
    ],
  ] as const) {
    it(`say ${what} the way of draft 4`, () => assert.deepEqual(model(from), to));
  }

  it("never refuse a request that the API allows", () => {
    assert.deepEqual(
      model(
        { type: "object", properties: { a: { type: "string", nullable: true, description: "x" } } },
        { validate: "body" },
      ),
      {
        type: "object",
        properties: { a: { description: "x" } },
      },
    );
    const answered = {
      type: "object",
      required: ["id", "name"],
      properties: { id: { type: "string", readOnly: true }, name: { type: "string" } },
    };
    assert.deepEqual(at(model(answered, { validate: "body" }), ["required"]), ["name"]);
  });

  it("are made of schemas that stand elsewhere, when something refers to them", () => {
    const value = schema({
      type: "object",
      properties: { a: { type: "string" }, b: { $ref: "#/components/schemas/Thing/properties/a" } },
    });
    assert.deepEqual(at(run(value).definition, ["components", "schemas", "propertiesA"]), { type: "string" });
  });

  it("are not made of schemas that say nothing", () => {
    const value = spec(
      {},
      {
        components: {
          schemas: { Any: {}, Thing: { type: "array", items: { $ref: "#/components/schemas/Any" } } },
        },
      },
    );
    assert.deepEqual(at(run(value).definition, ["components", "schemas"]), {
      Thing: { type: "array", items: {} },
    });
  });

  it("report a reference that leads nowhere once", () => {
    const value = schema({
      properties: { a: { $ref: "#/components/schemas/No" }, b: { $ref: "#/components/schemas/No" } },
    });
    assert.deepEqual(errors(value), ["missing-reference"]);
  });

  for (const [what, value] of [
    ["a path", spec({ "/a": { $ref: "#/components/pathItems/No" } })],
    [
      "a parameter of a path",
      spec({ "/a": { parameters: [{ $ref: "#/components/parameters/No" }], ...ok } }),
    ],
    ["a parameter", get({ parameters: [{ $ref: "#/components/parameters/No" }] })],
    [
      "a body",
      spec({
        "/a": { post: { responses: RESPONSES, requestBody: { $ref: "#/components/requestBodies/No" } } },
      }),
    ],
    ["a response", get({ responses: { "200": { $ref: "#/components/responses/No" } } })],
  ] as const) {
    it(`are refused when ${what} refers to nothing, as check does`, () => {
      assert.deepEqual(errors(value), ["missing-reference"]);
      const checked = check(loadValue(structuredClone(value))).filter(({ level }) => level === "error");
      assert.deepEqual(
        checked.map(({ rule }) => rule),
        ["missing-reference"],
      );
    });
  }

  it("are left out where the settings say so", () => {
    const { definition } = run(schema({ type: "object" }), { models: false });
    assert.equal(definition.components, undefined);
  });
});
