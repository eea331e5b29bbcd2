/** Reading of property bags whose shape is the provider's, not ours: nothing is assumed about a value that is not there. */

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectAt(bag: Record<string, unknown>, key: string): Record<string, unknown> | undefined {
  const value = bag[key];
  return isObject(value) ? value : undefined;
}

/** One value or many, as a list. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function strings(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

export function stringAt(bag: Record<string, unknown>, key: string): string | undefined {
  const value = bag[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
