import { type JsonObject, ownObject } from "../../lib/json";
import { countResources, DEFINITION_BYTES, RESOURCES } from "../resource-count";
import type { Context } from "./context";

/** What AWS would refuse of the finished definition for its size. */
export function checkQuotas(definition: JsonObject, context: Context): void {
  const quota = context.settings.quotas?.resources ?? RESOURCES;
  const resources = countResources(Object.keys(ownObject(definition, "paths") ?? {}));
  if (resources > quota) {
    const message = `The definition has ${resources} resources; an API may have ${quota}. Split the API, or have the quota raised and write it into the settings (quotas.resources).`;
    context.finding("error", "resource-quota", ["paths"], message);
  }
  const bytes = sizeOf(definition);
  if (bytes > DEFINITION_BYTES) {
    const size = (bytes / 1024 / 1024).toFixed(1);
    const message = `The definition has ${size} MB; AWS takes 6. Split the API, or leave the models out (settings: models: false).`;
    context.finding("error", "definition-size", [], message);
  }
}

/** Anything but the characters that stand for themselves as one byte: printable ASCII without quote and backslash. */
const ESCAPED_OR_WIDE = /[^ !#-[\]-~]/;

/** Bytes as JSON, added up without writing it: the text would be the largest thing that a compilation makes. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return sizeOfText(value);
  if (typeof value !== "object" || value === null) return String(value).length;
  let bytes = 1;
  if (Array.isArray(value)) {
    for (const item of value) bytes += sizeOf(item) + 1;
  } else {
    const object = value as JsonObject;
    for (const key in object) {
      if (object[key] !== undefined) bytes += sizeOfText(key) + 1 + sizeOf(object[key]) + 1;
    }
  }
  // A comma less than members, and the closing bracket.
  return Math.max(bytes, 2);
}

function sizeOfText(text: string): number {
  return ESCAPED_OR_WIDE.test(text) ? Buffer.byteLength(JSON.stringify(text)) : text.length + 2;
}
