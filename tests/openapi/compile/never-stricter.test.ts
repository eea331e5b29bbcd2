import assert from "node:assert/strict";
import Ajv2020 from "ajv/dist/2020";
import Ajv4 from "ajv-draft-04";
import fc from "fast-check";
import { at, type JsonObject } from "../../../lib/json";
import { compile, loadValue } from "../../../openapi";
import { INTEGRATION, targets } from "./support";

/** Documents per OpenAPI version; more for a thorough run: FUZZ_RUNS=3000 npx mocha … */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
const OPTIONS = { strict: false, validateFormats: false, logger: false } as const;

const names = fc.constantFrom("a", "b", "c");
const values: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<unknown>(null, 0, 1, 2, -1, "", "a", "ab", "b", true, false, [], {}),
    fc.dictionary(fc.constantFrom("a", "b", "c", "x1"), tie("value"), { maxKeys: 4 }),
    fc.array(tie("value"), { maxLength: 2 }),
  ),
})).value;

const leaves31 = fc.constantFrom<unknown>(
  { type: "string" },
  { type: "integer", minimum: 0 },
  { type: "integer", exclusiveMinimum: 0 },
  { type: "integer", exclusiveMaximum: 1 },
  { type: ["string", "null"] },
  { type: ["string", "integer"] },
  { type: "null" },
  { const: null },
  { const: "a" },
  { enum: ["a", null] },
  { enum: ["a", "a", 1] },
  { type: "string", pattern: "^a" },
  { type: "string", maxLength: 1 },
  { type: "number", multipleOf: 2 },
  {},
  true,
  false,
);
const leaves30 = fc.constantFrom<unknown>(
  { type: "string" },
  { type: "string", nullable: true },
  { type: "integer", minimum: 0, exclusiveMinimum: true },
  { type: "integer", maximum: 0, exclusiveMaximum: false },
  { type: "string", enum: ["a", "b"] },
  { type: "object", properties: { a: { type: "string", readOnly: true } } },
  { type: "boolean" },
  {},
);

function schemas(
  leaves: fc.Arbitrary<unknown>,
  more: (tie: () => fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>[],
) {
  return fc.letrec((tie) => {
    const inner = () => tie("schema");
    const members = fc.array(inner(), { minLength: 1, maxLength: 3 });
    return {
      schema: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        leaves,
        fc.constantFrom("A", "B", "C").map((name) => ({ $ref: `#/components/schemas/${name}` })),
        fc.record(
          {
            type: fc.constant("object"),
            properties: fc.dictionary(names, inner(), { maxKeys: 3 }),
            required: fc.uniqueArray(names, { minLength: 1, maxLength: 2 }),
            additionalProperties: fc.oneof(fc.boolean(), inner()),
            minProperties: fc.nat(2),
          },
          { requiredKeys: ["type", "properties"] },
        ),
        fc.record(
          { type: fc.constant("array"), items: inner(), minItems: fc.nat(1), uniqueItems: fc.boolean() },
          { requiredKeys: ["type", "items"] },
        ),
        members.map((oneOf) => ({ oneOf })),
        members.map((anyOf) => ({ anyOf })),
        members.map((allOf) => ({ allOf })),
        inner().map((not) => ({ not })),
        fc.record({ type: fc.constant("string"), anyOf: members }),
        ...more(inner),
      ),
    };
  }).schema;
}

const schemas31 = schemas(leaves31, (inner) => [
  fc.record({ oneOf: inner().map((schema) => [schema, { type: "null" }]) }),
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  fc.record({ if: inner(), then: inner() }),
  fc.record({
    type: fc.constant("object"),
    patternProperties: fc.record({ "^x": inner() }),
    additionalProperties: inner(),
  }),
  fc.record({
    type: fc.constant("array"),
    prefixItems: inner().map((schema) => [schema]),
    items: inner(),
    contains: inner(),
  }),
  fc.record({
    type: fc.constant("object"),
    dependentRequired: fc.constant({ a: ["b"] }),
    propertyNames: inner(),
  }),
  fc.record({ $ref: fc.constant("#/components/schemas/A"), not: inner() }),
]);
const schemas30 = schemas(leaves30, () => []);

/** Whether a value is accepted, by the schema that `#/components/schemas/A` is of these. */
type Accepts = (value: unknown) => boolean;

/** A function that makes validators of the component A; one instance for all, since the meta-schema is compiled once. */
function validatorsOf(ajv: Ajv4 | Ajv2020, key: "id" | "$id") {
  let number = 0;
  return (components: JsonObject, schema: JsonObject): Accepts => {
    const id = `http://test/${number++}`;
    const absolute = (value: JsonObject) =>
      JSON.parse(JSON.stringify(value).replaceAll('"#/components', `"${id}#/components`));
    ajv.addSchema({ [key]: id, components: { schemas: absolute(components) } });
    return ajv.compile(absolute(schema)) as Accepts;
  };
}

const ofModel = validatorsOf(new Ajv4(OPTIONS), "id");

for (const [version, arbitrary, ofSchema] of [
  ["3.1.0", schemas31, validatorsOf(new Ajv2020(OPTIONS), "$id")],
  ["3.0.3", schemas30, validatorsOf(new Ajv4(OPTIONS), "id")],
] as const) {
  describe(`a model made with validate: body, OpenAPI ${version}`, function () {
    this.timeout(0);

    it(`never refuses what the spec allows, in ${RUNS} random documents`, () => {
      const counts = { documents: 0, refused: 0, allowed: 0 };
      const components = fc.record({ A: arbitrary, B: arbitrary, C: arbitrary });
      const property = fc.property(
        components,
        fc.array(values, { minLength: 20, maxLength: 20 }),
        (all, samples) => {
          const spec = JSON.parse(JSON.stringify(documentOf(version, all)));
          const allows = attempt(() => ofSchema(spec.components.schemas, { $ref: "#/components/schemas/A" }));
          if (!allows) return;
          const { definition } = compile(loadValue(spec), { validate: "body" }, targets);
          const model = at(definition, [
            "paths",
            "/x",
            "post",
            "requestBody",
            "content",
            "application/json",
            "schema",
          ]);
          const models = at(definition, ["components", "schemas"]) ?? {};
          const accepts = ofModel(models as JsonObject, (model ?? {}) as JsonObject);
          counts.documents++;
          for (const value of samples) {
            const isAllowed = attempt(() => allows(value));
            const isAccepted = attempt(() => accepts(value));
            if (isAllowed === undefined || isAccepted === undefined) continue;
            if (isAllowed) counts.allowed++;
            if (!isAccepted) counts.refused++;
            assert.ok(
              !isAllowed || isAccepted,
              `refused: ${JSON.stringify(value)} by ${JSON.stringify(models)}`,
            );
          }
        },
      );
      fc.assert(property, { numRuns: RUNS });
      for (const [what, count] of Object.entries(counts)) assert.ok(count > RUNS / 4, `${what}: ${count}`);
    });
  });
}

/** A schema that refers to itself without end overflows the validator's stack; AWS refuses it as well. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function documentOf(version: string, schemas: unknown): JsonObject {
  const content = { "application/json": { schema: { $ref: "#/components/schemas/A" } } };
  const post = {
    requestBody: { content },
    responses: { "200": { description: "ok" } },
    [INTEGRATION]: undefined,
  };
  return {
    openapi: version,
    info: { title: "t", version: "1" },
    paths: { "/x": { post } },
    components: { schemas },
  };
}
