import { asObject, isObject, type Json } from "./document";

/** Model names are alphanumeric (guide: important notes, "Model names can only contain alphanumeric characters"). */
export function checkModels(document: Json, problems: string[]): void {
  for (const name of Object.keys(schemas(document))) {
    if (/^[a-zA-Z0-9]+$/.test(name)) continue;
    problems.push(`Unable to create model for '${name}': Model name must be alphanumeric: ${name}`);
  }
}

const schemas = (document: Json): Json =>
  asObject(document.definitions ?? asObject(document.components).schemas);

/**
 * The JSON schema (draft 4) of a model: references point into `definitions`, keywords that API Gateway does not take
 * part in validation are gone (guide: important notes; `minItems`/`maxItems` "are not included in simple request validation").
 */
export function modelSchema(document: Json, schema: unknown): unknown {
  const cleaned = clean(schema);
  if (!isObject(cleaned)) return {};
  const definitions = Object.fromEntries(
    Object.entries(schemas(document)).map(([name, model]) => [name, clean(model)]),
  );
  return { ...cleaned, definitions };
}

const IGNORED: ReadonlySet<string> = new Set([
  "discriminator",
  "example",
  "examples",
  "externalDocs",
  "xml",
  "nullable",
  "deprecated",
  "readOnly",
  "writeOnly",
  "default",
  "minItems",
  "maxItems",
  "$schema",
  "id",
]);

function clean(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => clean(item));
  if (!isObject(value)) return value;
  if (!isPropertyMap && typeof value.$ref === "string") {
    const name = value.$ref.split("/").pop() ?? "";
    return { $ref: `#/definitions/${name}` };
  }
  const result: Json = {};
  for (const [key, item] of Object.entries(value)) {
    if (isPropertyMap) {
      result[key] = clean(item);
      continue;
    }
    if (IGNORED.has(key) || key.startsWith("x-")) continue;
    if ((key === "exclusiveMinimum" || key === "exclusiveMaximum") && typeof item !== "boolean") continue;
    if (key === "enum" || key === "required") result[key] = item;
    else
      result[key] = clean(item, key === "properties" || key === "patternProperties" || key === "definitions");
  }
  return result;
}
