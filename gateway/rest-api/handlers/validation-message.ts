import type { ErrorObject } from "ajv-draft-04";

/**
 * `$context.error.validationErrorString` in the words of the Java validator behind API Gateway
 * (guide example: `[object has missing required properties (["name"])]`).
 */
export function validationMessages(errors: readonly ErrorObject[]): string[] {
  const lists = new Map<string, string[]>();
  const result: (() => string)[] = [];
  for (const error of errors) {
    const named = NAMED[error.keyword];
    if (!named) {
      result.push(() => validationMessage(error));
      continue;
    }
    // One message names all properties of an object.
    const key = `${error.keyword} ${error.instancePath} ${error.schemaPath}`;
    const names = lists.get(key) ?? [];
    names.push(String((error.params as Record<string, unknown>)[named.parameter]));
    if (lists.has(key)) continue;
    lists.set(key, names);
    result.push(() => named.text(list([...names].sort())));
  }
  return [...new Set(result.map((message) => message()))];
}

const NAMED: Readonly<Record<string, { parameter: string; text: (names: string) => string }>> = {
  required: {
    parameter: "missingProperty",
    text: (names) => `object has missing required properties (${names})`,
  },
  additionalProperties: {
    parameter: "additionalProperty",
    text: (names) => `object instance has properties which are not allowed by the schema: ${names}`,
  },
};

function validationMessage(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  const data = error.data as unknown;
  switch (error.keyword) {
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
