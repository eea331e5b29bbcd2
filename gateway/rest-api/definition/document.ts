/** Reading untyped documents: small accessors that never throw on shapes they do not expect. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asObject = (value: unknown): Json => (isObject(value) ? value : {});

export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Text of a scalar; undefined for anything else. Numbers and booleans count: status codes come as either. */
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
export function resolveRef(document: Json, value: unknown): unknown {
  let current = value;
  for (let hops = 0; isObject(current) && typeof current.$ref === "string" && hops < 20; hops += 1) {
    const pointer = current.$ref;
    if (!pointer.startsWith("#/")) return undefined;
    current = pointer
      .slice(2)
      .split("/")
      .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), document);
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
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substituteAws(item, aws)]),
    ) as T;
  }
  return value;
}
