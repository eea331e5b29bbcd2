/**
 * Which schema keywords an API Gateway model takes. Models are JSON Schema draft 4; the sources are the developer
 * guide's important notes (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)
 * and recorded imports.
 */

export type KeywordUse =
  | "taken"
  /** Left out of a model; says nothing about which values are valid */
  | "note"
  /** Left out of a model, which then lets more values pass */
  | "limit";

const TAKEN = [
  "type",
  "title",
  "description",
  "format",
  "enum",
  "properties",
  "required",
  "additionalProperties",
  "minProperties",
  "maxProperties",
  "items",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minimum",
  "maximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "$ref",
];
const NOTES = [
  "example",
  "examples",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
  "xml",
  "externalDocs",
  "discriminator",
  "$schema",
  "$id",
  "id",
  "$anchor",
  "$dynamicAnchor",
  "$comment",
  "$defs",
  "definitions",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "$vocabulary",
];
const LIMITS = [
  "exclusiveMinimum",
  "exclusiveMaximum",
  "nullable",
  "const",
  "patternProperties",
  "propertyNames",
  "prefixItems",
  "contains",
  "minContains",
  "maxContains",
  "if",
  "then",
  "else",
  "dependentSchemas",
  "dependentRequired",
  "dependencies",
  "unevaluatedProperties",
  "unevaluatedItems",
  "additionalItems",
  "$dynamicRef",
  "$recursiveRef",
];

const USES = new Map<string, KeywordUse>([
  ...TAKEN.map((keyword): [string, KeywordUse] => [keyword, "taken"]),
  ...NOTES.map((keyword): [string, KeywordUse] => [keyword, "note"]),
  ...LIMITS.map((keyword): [string, KeywordUse] => [keyword, "limit"]),
]);

/** Unknown keywords and `x-…` are notes: draft 4 gives them no meaning. */
export function useOf(keyword: string): KeywordUse {
  return USES.get(keyword) ?? "note";
}

/** "Numbers of the Int32 or Int64 type are not supported … Decimal number format type is not supported." */
export const REFUSED_FORMATS: ReadonlySet<unknown> = new Set([
  "int32",
  "int64",
  "float",
  "double",
  "decimal",
]);

export const DRAFT4_TYPES: ReadonlySet<unknown> = new Set([
  "array",
  "boolean",
  "integer",
  "number",
  "object",
  "string",
]);

/** "Model names can only contain alphanumeric characters" */
export const MODEL_NAME = /^[A-Za-z0-9]+$/;

/** Keywords that give a schema something to check. */
const MEANING: ReadonlySet<string> = new Set(
  [...TAKEN, "const", "prefixItems"].filter(
    (keyword) => !["title", "description", "required"].includes(keyword),
  ),
);

/**
 * A schema that any value fits. AWS refuses it as a model: "Model schema must have at least 1 property or array items
 * defined". `follow` gives what a reference stands for.
 */
export function saysNothing(schema: unknown, follow: (ref: string) => unknown): boolean {
  const open = new Set<unknown>();
  const nothing = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null) return value !== false;
    if (open.has(value)) return false;
    open.add(value);
    return !Object.entries(value).some(([keyword, inner]) => means(keyword, inner));
  };
  const means = (keyword: string, value: unknown): boolean => {
    if (!MEANING.has(keyword)) return false;
    switch (keyword) {
      case "$ref":
        return !nothing(follow(String(value)));
      case "type":
        return (Array.isArray(value) ? value : [value]).some((type) => DRAFT4_TYPES.has(type));
      case "enum":
        return Array.isArray(value) && value.some((item) => item !== null);
      case "const":
        return value !== null;
      case "anyOf":
      case "oneOf":
      case "allOf":
        return Array.isArray(value) && value.some((member) => !isNull(member));
      case "format":
        return !REFUSED_FORMATS.has(value);
      default:
        return true;
    }
  };
  return nothing(schema);
}

function isNull(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && (schema as { type?: unknown }).type === "null";
}
