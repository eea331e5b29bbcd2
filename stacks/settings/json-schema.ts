import { type SettingsJsonSchema, settingsJsonSchema } from "../../lib/settings-issues";
import { settingsSchema } from "./schema";

/** The JSON Schema of everything under `gateway:`. */
export const configSchema = (): SettingsJsonSchema => settingsJsonSchema(settingsSchema);

/** The JSON Schema of a whole `Pulumi.<stack>.yaml`, for editors. */
export function stackFileSchema(): Record<string, unknown> {
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
