import { SOURCES } from "../constraints";
import { fixed, info } from "./rule";

const { notes, draft4, models } = SOURCES;
const WIDER = "lets more values pass; the backend has to check them";

/** Schemas, which become models: JSON Schema draft 4 without a few keywords. */
export const SCHEMA_RULES = {
  "model-name": fixed.error(
    (name: string, given: string) => `The schema "${name}" becomes the model "${given}".`,
    "Model name must be alphanumeric.",
    "renames it, with every reference to it",
    notes,
  ),
  "empty-model": fixed.error(
    (name: string) => `The schema "${name}" accepts any value.`,
    "Model schema must have at least 1 property or array items defined.",
    "makes no model of it",
    models,
  ),
  "reference-place": fixed.error(
    (ref: string) => `The schema at ${ref} is not under components/schemas.`,
    "A model can only reference other models (Invalid model specified).",
    "makes it a model",
    models,
  ),
  "reference-siblings": fixed.info(
    (keywords: string) => `There is ${keywords} beside the $ref.`,
    "OpenAPI 3.0 ignores everything beside a $ref.",
    "leaves it out",
    "https://spec.openapis.org/oas/v3.0.4.html#reference-object",
  ),
  "schema-boolean": fixed.warning(
    (value: string) => `The schema is ${value}.`,
    "JSON Schema draft 4 has no boolean schemas.",
    "writes {} or {not: {}}",
    draft4,
  ),
  "schema-type": fixed.warning(
    (type: string) => `The type is ${type}.`,
    "This is not a type of JSON Schema draft 4.",
    `leaves it out: the model ${WIDER}`,
    draft4,
  ),
  "type-array": fixed.error(
    (types: string) => `The type is ${types}.`,
    "OpenAPI 3.0 allows one type, not a list.",
    "writes one type, or anyOf",
    "https://spec.openapis.org/oas/v3.0.4.html#schema-object",
  ),
  nullable: fixed.warning(
    (what: string) => `${what}.`,
    "Models have no null: body validation would refuse it.",
    "lets null pass where bodies are validated, and leaves it out elsewhere",
    notes,
  ),
  "exclusive-bound": fixed.warning(
    (keyword: string) => `The schema has ${keyword}.`,
    "Models do not support exclusiveMinimum and exclusiveMaximum.",
    `makes the bound inclusive: the model ${WIDER}`,
    notes,
  ),
  discriminator: fixed.warning(
    () => "The schema has a discriminator.",
    "API Gateway ignores `discriminator`; `oneOf`/`anyOf` still apply.",
    "leaves it out",
    notes,
  ),
  "schema-keyword": fixed.warning(
    (keyword: string) => `The schema has "${keyword}".`,
    "Models (JSON Schema draft 4) do not support it.",
    `leaves it out: the model ${WIDER}`,
    notes,
  ),
  "schema-const": fixed.info(
    () => 'The schema has "const".',
    "JSON Schema draft 4 has no const.",
    "writes an enum of one value",
    draft4,
  ),
  "schema-value": fixed.error(
    (keyword: string, value: string, wanted: string) => `"${keyword}" is ${value}; it has to be ${wanted}.`,
    "The schema is not valid JSON Schema draft 4 (Invalid model schema specified).",
    `leaves it out: the model ${WIDER}`,
    draft4,
  ),
  "schema-pattern": fixed.warning(
    (pattern: string) => `The pattern ${pattern} is not a regular expression of ECMA 262.`,
    "Patterns of JSON Schema draft 4 are ECMA 262 regular expressions (5.2.3).",
    `leaves it out: the model ${WIDER}`,
    draft4,
  ),
  "enum-duplicates": fixed.error(
    (values: string) => `The enum has ${values} more than once.`,
    "The values of an enum must be unique in JSON Schema draft 4 (Invalid model schema specified, aws/aws-cdk#18715).",
    "writes each value once",
    draft4,
  ),
  "required-in-property": fixed.warning(
    (value: string) => `The schema has "required: ${value}".`,
    "`required` is a list of property names, and belongs to the object.",
    "leaves it out; put the name into the `required` list of the object",
    draft4,
  ),
  required: fixed.info(
    (kept: string) => `"required" is ${kept} in the model.`,
    "JSON Schema draft 4 requires each name once and at least one; a request need not contain read-only properties.",
    "writes it that way",
    draft4,
  ),
  "array-items": fixed.info(
    () => "The array has no items.",
    "OpenAPI 3.0 requires `items`.",
    "adds {}",
    "https://spec.openapis.org/oas/v3.0.4.html#schema-object",
  ),
  "schema-note": fixed.info(
    (keyword: string) => `The schema has "${keyword}".`,
    "It has no effect in an API Gateway model.",
    "leaves it out",
    notes,
  ),
  "number-format": info(
    (format: string) => `The format is "${format}".`,
    "Models keep number formats (exports of AWS have them) but do not support them: nothing is validated.",
    undefined,
    notes,
  ),
};
