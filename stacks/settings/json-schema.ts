import { z } from "zod";
import type { Path } from "./problems";
import { settingsSchema } from "./schema";

/** The part of JSON Schema that the settings use. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
}

let schema: JsonSchema | undefined;

/** The JSON Schema of everything under `gateway:`. */
export function configSchema(): JsonSchema {
  schema ??= z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema;
  return schema;
}

/** The JSON Schema of a whole `Pulumi.<stack>.yaml`, for editors. */
export function settingsJsonSchema(): Record<string, unknown> {
  const { properties = {}, required = [] } = configSchema();
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of one stage of the gateway",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, value]) => [`gateway:${key}`, value]),
        ),
        required: required.map((key) => `gateway:${key}`),
        patternProperties: { "^(?!gateway:)[^:]+:": true },
        additionalProperties: false,
      },
    },
    required: ["config"],
  };
}

/** The schemas that stand at a path; several where there are alternatives. */
export function schemasAt(path: Path): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (schemas, part) => schemas.flatMap((at) => alternatives(at).flatMap((one) => step(one, part))),
    [configSchema()],
  );
}

/** The keys that the schema knows at a path. */
export function keysAt(path: Path): string[] {
  return schemasAt(path)
    .flatMap(alternatives)
    .flatMap(({ properties }) => Object.keys(properties ?? {}));
}

export function alternatives(at: JsonSchema): JsonSchema[] {
  return at.anyOf ? [at, ...at.anyOf] : [at];
}

function step({ properties, items, additionalProperties }: JsonSchema, part: string | number): JsonSchema[] {
  const next = typeof part === "number" ? items : (properties?.[part] ?? additionalProperties);
  return next && typeof next === "object" ? [next] : [];
}
