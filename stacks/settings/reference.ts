import { alternatives, type SettingsJsonSchema } from "../../lib/settings-issues";
import { configSchema } from "./json-schema";

/** The table of every key of the settings, for docs/settings.md. */
export function settingsTable(): string {
  const rows = rowsOf(configSchema(), "gateway:").map(
    ({ key, type, fallback, description }) => `| \`${key}\` | ${type} | ${fallback} | ${description} |`,
  );
  return ["| Key | Type | Default | What it is |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

interface Row {
  key: string;
  type: string;
  fallback: string;
  description: string;
}

function rowsOf(schema: SettingsJsonSchema, prefix: string): Row[] {
  return alternatives(schema).flatMap(({ properties = {}, required = [], items, additionalProperties }) => [
    ...Object.entries(properties).flatMap(([name, value]) => {
      const key = `${prefix}${name}`;
      return [rowOf(key, value, required.includes(name)), ...rowsOf(value, `${key}.`)];
    }),
    ...(items ? rowsOf(items, prefix.replace(/\.$/, "[].")) : []),
    ...(typeof additionalProperties === "object" ? rowsOf(additionalProperties, `${prefix}<name>.`) : []),
  ]);
}

function rowOf(key: string, schema: SettingsJsonSchema, required: boolean): Row {
  const fallback =
    schema.default !== undefined ? `\`${JSON.stringify(schema.default)}\`` : required ? "required" : "–";
  return { key, type: typeOf(schema), fallback, description: schema.description ?? "" };
}

function typeOf(schema: SettingsJsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  switch (schema.type) {
    case "array":
      return `list of ${schema.items ? typeOf(schema.items) : "anything"}`;
    case "object":
      return "map";
    case "string":
      return "text";
    case "integer":
      return "whole number";
    case "boolean":
      return "true, false";
    default:
      return schema.type ?? "anything";
  }
}
