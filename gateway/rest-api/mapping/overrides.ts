import { javaString } from "./java-values";

/** What mapping templates set: `$context.requestOverride` and `$context.responseOverride`. */
export interface Overrides {
  request: Record<"header" | "path" | "querystring", Map<string, unknown>>;
  /** `status`, and `header`, a map. */
  response: Map<string, unknown>;
}

export const emptyOverrides = (): Overrides => ({
  request: { header: new Map(), path: new Map(), querystring: new Map() },
  response: new Map([["header", new Map()]]),
});

/** The values of an override: a list has several. */
export function formatOverride(value: unknown): string[] {
  return Array.isArray(value) ? [...value].map(javaString) : [javaString(value)];
}
