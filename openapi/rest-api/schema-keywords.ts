import { isObject } from "../../lib/json";

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

interface ValueCheck {
  /** What the value has to be */
  wanted: string;
  fits: (value: unknown) => boolean;
}

const any = undefined;
const text = { wanted: "a string", fits: (value: unknown) => typeof value === "string" };
const number = { wanted: "a number", fits: (value: unknown) => typeof value === "number" };
const flag = { wanted: "true or false", fits: (value: unknown) => typeof value === "boolean" };
const length = {
  wanted: "a whole number, 0 or more",
  fits: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
};
const list = (of: string) => ({
  wanted: `a list with at least one ${of}`,
  fits: (value: unknown) => Array.isArray(value) && value.length > 0,
});

/** The keywords of a model, with what their values have to be (JSON Schema draft 4, validation, 5.1 to 5.5). */
const KEPT = new Map<string, ValueCheck | undefined>([
  ["type", any],
  ["title", text],
  ["description", text],
  ["format", text],
  ["enum", list("value")],
  ["properties", { wanted: "a map of schemas", fits: isObject }],
  ["required", { wanted: "a list of property names", fits: Array.isArray }],
  ["additionalProperties", any],
  ["minProperties", length],
  ["maxProperties", length],
  ["items", any],
  ["minItems", length],
  ["maxItems", length],
  ["uniqueItems", flag],
  ["minimum", number],
  ["maximum", number],
  ["multipleOf", { wanted: "a number above 0", fits: (value) => number.fits(value) && Number(value) > 0 }],
  ["minLength", length],
  ["maxLength", length],
  ["pattern", text],
  ["allOf", list("schema")],
  ["anyOf", list("schema")],
  ["oneOf", list("schema")],
  ["not", any],
  ["$ref", any],
]);

const bound = {
  wanted: "a number, or true or false beside the bound",
  fits: (value: unknown) => number.fits(value) || flag.fits(value),
};

/** Keywords that a model cannot have, although they restrict values. */
const LIMITS = new Map<string, ValueCheck | undefined>([
  ["exclusiveMinimum", bound],
  ["exclusiveMaximum", bound],
  ["nullable", any],
  ["const", any],
  ["patternProperties", any],
  ["propertyNames", any],
  ["prefixItems", any],
  ["contains", any],
  ["minContains", any],
  ["maxContains", any],
  ["if", any],
  ["then", any],
  ["else", any],
  ["dependentSchemas", any],
  ["dependentRequired", any],
  ["dependencies", any],
  ["unevaluatedProperties", any],
  ["unevaluatedItems", any],
  ["additionalItems", any],
  ["$dynamicRef", any],
  ["$recursiveRef", any],
]);

/** Every other keyword, known (`example`, `readOnly`) or not (`x-…`), is a note: draft 4 gives it no meaning. */
export function useOf(keyword: string): KeywordUse {
  if (KEPT.has(keyword)) return "kept";
  return LIMITS.has(keyword) ? "limit" : "note";
}

export function valueCheckOf(keyword: string): ValueCheck | undefined {
  return KEPT.get(keyword) ?? LIMITS.get(keyword);
}

/** "Numbers of the Int32 or Int64 type are not supported … Decimal number format type is not supported." */
export const NUMBER_FORMATS: ReadonlySet<unknown> = new Set(["int32", "int64", "float", "double", "decimal"]);

export const DRAFT4_TYPES: ReadonlySet<unknown> = new Set([
  "array",
  "boolean",
  "integer",
  "number",
  "object",
  "string",
]);

/** Keywords that give a schema something to check. */
const MEANING: ReadonlySet<string> = new Set(
  [...KEPT.keys(), "const", "prefixItems"].filter(
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
        return !NUMBER_FORMATS.has(value);
      default:
        return true;
    }
  };
  return nothing(schema);
}

function isNull(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && (schema as { type?: unknown }).type === "null";
}
