import { asObject, isObject, type JsonObject, put } from "../../../lib/json";
import { MODEL_NAME } from "../../../openapi/rest-api/constraints";
import { useOf } from "../../../openapi/rest-api/schema-keywords";

/** Model names are alphanumeric (guide: important notes, "Model names can only contain alphanumeric characters"). */
export function checkModels(document: JsonObject, note: (problem: string) => void): void {
  for (const name of Object.keys(schemas(document))) {
    if (MODEL_NAME.test(name)) continue;
    note(`Unable to create model for '${name}': Model name must be alphanumeric: ${name}`);
  }
}

const schemas = (document: JsonObject): JsonObject =>
  asObject(document.definitions ?? asObject(document.components).schemas);

/**
 * The JSON schema (draft 4) of a model: references point into `definitions`, and keywords that API Gateway does not use
 * in validation are removed (guide: important notes; `minItems`/`maxItems` "are not included in simple request validation").
 */
export function modelSchema(document: JsonObject, schema: unknown): unknown {
  const cleaned = clean(schema);
  if (!isObject(cleaned)) return {};
  return { ...cleaned, definitions: cleanAll(schemas(document)) };
}

const UNUSED: ReadonlySet<string> = new Set(["nullable", "minItems", "maxItems"]);

function isUnused(keyword: string, value: unknown): boolean {
  const isExclusive = keyword === "exclusiveMinimum" || keyword === "exclusiveMaximum";
  return useOf(keyword) === "note" || UNUSED.has(keyword) || (isExclusive && typeof value !== "boolean");
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (!isObject(value)) return value;
  if (typeof value.$ref === "string") return { $ref: `#/definitions/${value.$ref.split("/").pop() ?? ""}` };
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (isUnused(key, item)) continue;
    if (key === "enum" || key === "required") result[key] = item;
    else if (key === "properties" || key === "patternProperties") result[key] = cleanAll(item);
    else result[key] = clean(item);
  }
  return result;
}

/** The keys of the map are names, not keywords. */
function cleanAll(map: unknown): JsonObject {
  const result: JsonObject = {};
  for (const [name, schema] of Object.entries(asObject(map))) put(result, name, clean(schema));
  return result;
}
