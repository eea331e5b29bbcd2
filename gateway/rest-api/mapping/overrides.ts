import { javaString } from "./java";

/** The values of an override: a list gives several. */
export function formatOverride(value: unknown): string[] {
  return Array.isArray(value) ? [...value].map(javaString) : [javaString(value)];
}
