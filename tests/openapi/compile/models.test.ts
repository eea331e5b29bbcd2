import assert from "node:assert/strict";
import { at, type JsonObject } from "../../../lib/json";
import { check, loadValue } from "../../../openapi";
import { get, RESPONSES, schema, spec } from "../documents";

import { errors, model, ok, run } from "./support";

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

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
    ["number formats", { type: "integer", format: "int64" }, { type: "integer", format: "int64" }],
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

  const validated = (value: unknown, more: JsonObject = {}) => model(value, { validate: "body" }, more);

  for (const [what, from, to] of [
    [
      "a bare null in oneOf, as AWS exports it (cloudformation-cli#808)",
      { properties: { a: { oneOf: [{ type: "string" }, null] } } },
      { properties: { a: {} } },
    ],
    [
      "a oneOf with a nullable member",
      { oneOf: [{ type: "string", nullable: true }, { type: "integer" }] },
      { anyOf: [{}, { type: "integer" }] },
    ],
    [
      "a oneOf whose ranges meet where a bound is exclusive",
      {
        oneOf: [
          { type: "integer", minimum: 0, exclusiveMinimum: true },
          { type: "integer", maximum: 0 },
        ],
      },
      {
        anyOf: [
          { type: "integer", minimum: 0 },
          { type: "integer", maximum: 0 },
        ],
      },
    ],
    [
      "a oneOf whose members are exact",
      { oneOf: [{ type: "string" }, { type: "integer" }] },
      { oneOf: [{ type: "string" }, { type: "integer" }] },
    ],
    ["not null", { type: "object", not: { type: "null" } }, { type: "object" }],
    ["not a constant null", { type: "object", not: { const: null } }, { type: "object" }],
    [
      "not with an exclusive bound",
      { type: "integer", not: { type: "integer", exclusiveMinimum: 0 } },
      { type: "integer" },
    ],
    ["not, of something exact", { not: { type: "string" } }, { not: { type: "string" } }],
    [
      "a condition in a member of oneOf",
      { oneOf: [{ type: "string", if: { maxLength: 1 } }, { type: "integer" }] },
      { anyOf: [{ type: "string" }, { type: "integer" }] },
    ],
  ] as const) {
    it(`accept what the spec allows, with bodies validated: ${what}`, () => {
      assert.deepEqual(validated(from, { openapi: "3.1.0" }), to);
    });
  }

  it("accept what the spec allows where a member of oneOf refers to a wider model", () => {
    const schemas = {
      Maybe: {
        type: "object",
        properties: { a: { type: "string", nullable: true }, self: reference("Maybe") },
      },
      Thing: { oneOf: [reference("Maybe"), { type: "integer" }] },
      Exact: { oneOf: [reference("Exact"), { type: "integer" }] },
    };
    const { definition, changes } = run(spec({}, { components: { schemas } }), { validate: "body" });
    assert.deepEqual(at(definition, ["components", "schemas", "Thing"]), {
      anyOf: [reference("Maybe"), { type: "integer" }],
    });
    assert.deepEqual(at(definition, ["components", "schemas", "Exact"]), schemas.Exact);
    assert.deepEqual(
      changes.filter(({ rule }) => rule === "one-of").map(({ where }) => where),
      ["spec#/components/schemas/Thing/oneOf"],
    );
  });

  it("accept what the spec allows where an adopted gateway has a validator of its own", () => {
    const extensions = {
      root: { "x-amazon-apigateway-request-validators": { own: { validateRequestBody: true } } },
    };
    assert.deepEqual(model({ type: "string", nullable: true, description: "x" }, { extensions }), undefined);
    assert.deepEqual(model({ properties: { a: { type: "string", nullable: true } } }, { extensions }), {
      properties: { a: {} },
    });
  });

  for (const [what, from, to] of [
    ["a value twice in an enum (aws-cdk#18715)", { enum: ["ACTIVE", "ACTIVE"] }, { enum: ["ACTIVE"] }],
    ["an empty enum", { type: "string", enum: [] }, { type: "string" }],
    ["a length as text", { type: "string", minLength: "3", maxLength: 2.5 }, { type: "string" }],
    ["a bound as text", { type: "integer", minimum: "1", multipleOf: 0 }, { type: "integer" }],
    [
      "a negative number of items",
      { type: "array", items: {}, minItems: -1, uniqueItems: "yes" },
      { type: "array", items: {} },
    ],
    ["`required` at a property", { type: "string", required: true }, { type: "string" }],
    ["flags in a pattern", { type: "string", pattern: "(?i)^abc$" }, { type: "string" }],
    ["an open class in a pattern", { type: "string", pattern: "^[a-z" }, { type: "string" }],
    ["a named group of Python", { type: "string", pattern: "(?P<y>a)" }, { type: "string" }],
    [
      "a pattern for Unicode letters",
      { type: "string", pattern: "^\\p{L}+$" },
      { type: "string", pattern: "^\\p{L}+$" },
    ],
    [
      "types and alternatives",
      { type: ["string", "integer"], anyOf: [{ minLength: 1 }] },
      {
        anyOf: [{ type: "string" }, { type: "integer" }],
        allOf: [{ anyOf: [{ minLength: 1 }] }],
      },
    ],
  ] as const) {
    it(`are valid draft 4: ${what}`, () => assert.deepEqual(model(from), to));
  }

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
