/**
 * Which schema keywords an API Gateway model supports. Models are JSON Schema draft 4; the sources are the developer
 * guide's important notes (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)
 * and recorded imports.
 */

export type KeywordUse =
  | "kept"
  /** Left out of a model; says nothing about which values are valid */
  | "note"
  /** Left out of a model, which then accepts more values */
  | "limit";

const KEPT = [
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
  ...KEPT.map((keyword): [string, KeywordUse] => [keyword, "kept"]),
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

interface ValueCheck {
  /** What the value has to be */
  wanted: string;
  fits: (value: unknown) => boolean;
}

const isMap = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const length = {
  wanted: "a whole number, 0 or more",
  fits: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
};
const number = { wanted: "a number", fits: (value: unknown) => typeof value === "number" };
const text = { wanted: "a string", fits: (value: unknown) => typeof value === "string" };
const flag = { wanted: "true or false", fits: (value: unknown) => typeof value === "boolean" };
const list = {
  wanted: "a list with at least one schema",
  fits: (value: unknown) => Array.isArray(value) && value.length > 0,
};
const bound = {
  wanted: "a number, or true or false beside the bound",
  fits: (value: unknown) => number.fits(value) || flag.fits(value),
};

/** What the value of a keyword has to be for a schema to be valid (JSON Schema draft 4, validation, 5.1 to 5.5). */
const VALUES: Readonly<Record<string, ValueCheck>> = {
  minLength: length,
  maxLength: length,
  minItems: length,
  maxItems: length,
  minProperties: length,
  maxProperties: length,
  minimum: number,
  maximum: number,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: { wanted: "a number above 0", fits: (value) => typeof value === "number" && value > 0 },
  uniqueItems: flag,
  pattern: text,
  format: text,
  title: text,
  description: text,
  properties: { wanted: "a map of schemas", fits: isMap },
  required: { wanted: "a list of property names", fits: Array.isArray },
  enum: {
    wanted: "a list with at least one value",
    fits: (value) => Array.isArray(value) && value.length > 0,
  },
  allOf: list,
  anyOf: list,
  oneOf: list,
};

export function valueCheckOf(keyword: string): ValueCheck | undefined {
  return Object.hasOwn(VALUES, keyword) ? VALUES[keyword] : undefined;
}

/** Keywords that give a schema something to check. */
const MEANING: ReadonlySet<string> = new Set(
  [...KEPT, "const", "prefixItems"].filter(
    (keyword) => !["title", "description", "required"].includes(keyword),
  ),
);

/**
 * Whether a schema accepts any value. AWS refuses it as a model: "Model schema must have at least 1 property or array
 * items defined". `follow` gives the target of a reference.
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
