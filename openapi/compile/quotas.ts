import { type JsonObject, objectAt } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import type { Recorder } from "../recorder";
import { countResources } from "../rest-api/resource-tree";

/** What AWS would refuse of the finished definition for its size. */
export function checkQuotas(
  definition: JsonObject,
  record: Recorder,
  quota: number = restApi.resources,
): void {
  const resources = countResources(Object.keys(objectAt(definition, "paths") ?? {}));
  if (resources > quota) record.add("resource-quota", ["paths"], resources, quota);
  checkBytes(sizeOf(definition), record);
}

export function checkBytes(bytes: number, record: Recorder): void {
  if (bytes > restApi.definitionBytes) record.add("definition-size", [], (bytes / 1024 / 1024).toFixed(1));
}

/** Anything but the characters that are one byte in JSON: printable ASCII without quote and backslash. */
const ESCAPED_OR_WIDE = /[^ !#-[\]-~]/;

/** Bytes as JSON, added up without making the text, which would be the largest thing in a compilation. */
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
  // One comma fewer than members, and the closing bracket.
  return Math.max(bytes, 2);
}

function sizeOfText(text: string): number {
  return ESCAPED_OR_WIDE.test(text) ? Buffer.byteLength(JSON.stringify(text)) : text.length + 2;
}
