import { isObject, type JsonObject, parsePointer, prop, put } from "../../../lib/json";

/** Reading untyped documents: accessors that never throw on values they do not expect. */

/** Text of a scalar; undefined for anything else. Numbers and booleans count: status codes are written as either. */
export const asText = (value: unknown): string | undefined =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;

export const asNumber = (value: unknown): number | undefined => {
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && value.trim()
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** Follows a local `$ref`; the target, or undefined when there is none. */
export function resolveRef(document: JsonObject, value: unknown): unknown {
  let current = value;
  for (let hops = 0; isObject(current) && typeof current.$ref === "string" && hops < 20; hops += 1) {
    const path = current.$ref.startsWith("#/") ? parsePointer(current.$ref) : undefined;
    current = path?.reduce<unknown>(prop, document);
  }
  return current;
}

/** `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}` are replaced at import (guide: "x-amazon-apigateway-integration"). */
export function substituteAws<T>(value: T, aws: { region: string; accountId: string; partition: string }): T {
  if (typeof value === "string") {
    return value
      .replaceAll("${AWS::Region}", aws.region)
      .replaceAll("${AWS::AccountId}", aws.accountId)
      .replaceAll("${AWS::Partition}", aws.partition) as T;
  }
  if (Array.isArray(value)) return value.map((item) => substituteAws(item, aws)) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) put(copy, key, substituteAws(item, aws));
  return copy as T;
}
