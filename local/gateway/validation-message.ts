import type { ErrorObject } from "ajv-draft-04";

/**
 * `$context.error.validationErrorString` in the words of the Java validator behind API Gateway
 * (guide example: `[object has missing required properties (["name"])]`).
 */
export function validationMessage(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  const data = error.data as unknown;
  switch (error.keyword) {
    case "required":
      return `object has missing required properties (${list([params.missingProperty])})`;
    case "type":
      return `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${list(allowedTypes(params.type))})`;
    case "enum":
      return `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${list(params.allowedValues as unknown[])})`;
    case "minimum":
      return `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${data})`;
    case "maximum":
      return `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${data})`;
    case "minLength":
      return `string ${JSON.stringify(data)} is too short (length: ${[...String(data)].length}, required minimum: ${params.limit})`;
    case "maxLength":
      return `string ${JSON.stringify(data)} is too long (length: ${[...String(data)].length}, maximum allowed: ${params.limit})`;
    case "pattern":
      return `ECMA 262 regex ${JSON.stringify(params.pattern)} does not match input string ${JSON.stringify(data)}`;
    case "additionalProperties":
      return `object instance has properties which are not allowed by the schema: ${list([params.additionalProperty])}`;
    case "uniqueItems":
      return "array must not contain duplicate elements";
    case "oneOf":
      return "instance failed to match exactly one schema";
    case "anyOf":
      return "instance failed to match at least one required schema";
    case "allOf":
      return "instance failed to match all required schemas";
    case "format":
      return `string ${JSON.stringify(data)} is invalid against requested ${params.format} format`;
    default:
      return error.message ?? error.keyword;
  }
}

const list = (values: unknown[]): string => `[${values.map((value) => JSON.stringify(value)).join(",")}]`;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** A number may be an integer as well. */
function allowedTypes(type: unknown): unknown[] {
  const types = Array.isArray(type) ? type : [type];
  return types.flatMap((one) => (one === "number" ? ["integer", "number"] : [one]));
}
