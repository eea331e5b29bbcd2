import { z } from "zod";
import type { Finding } from "./finding";
import { nearest } from "./nearest";

/** Where a key sits in the settings: `["services", 0, "port"]`. */
export type SettingsPath = (string | number)[];

/** One thing wrong in settings, without its position: who reads the file knows that. */
export interface SettingsIssue {
  path: SettingsPath;
  /** What would be accepted there */
  accepted: string;
  /** Set when the schema does not know the key at all */
  unknown?: true;
}

/** The part of JSON Schema that settings schemas use. */
export interface SettingsJsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  properties?: Record<string, SettingsJsonSchema>;
  items?: SettingsJsonSchema;
  additionalProperties?: SettingsJsonSchema | boolean;
  anyOf?: SettingsJsonSchema[];
}

export function settingsJsonSchema(schema: z.ZodType): SettingsJsonSchema {
  return z.toJSONSchema(schema, { io: "input" }) as SettingsJsonSchema;
}

/** A schema with the alternatives of its `anyOf`. */
export function alternatives(schema: SettingsJsonSchema): SettingsJsonSchema[] {
  return schema.anyOf ? [schema, ...schema.anyOf] : [schema];
}

/** The schemas at a path; several where there are alternatives. */
export function schemasAt(
  root: SettingsJsonSchema,
  path: readonly (string | number)[],
): SettingsJsonSchema[] {
  return path.reduce<SettingsJsonSchema[]>(
    (schemas, key) => schemas.flatMap((schema) => alternatives(schema).flatMap((one) => step(one, key))),
    [root],
  );
}

function step(schema: SettingsJsonSchema, key: string | number): SettingsJsonSchema[] {
  const { properties, items, additionalProperties } = schema;
  const next = typeof key === "number" ? items : (properties?.[key] ?? additionalProperties);
  return next && typeof next === "object" ? [next] : [];
}

/**
 * All that a schema found wrong with settings, in words for the person who wrote them.
 * @param schema the JSON Schema of the same settings; it has the keys that "did you mean" chooses from
 */
export function settingsIssues(error: z.ZodError, schema: SettingsJsonSchema): SettingsIssue[] {
  return error.issues.flatMap((issue) => readIssue(issue, [], schema));
}

/** An issue as a finding. `key` is the setting's name as its file has it, `value` what the file has there. */
export function settingsFinding(
  { path, accepted, unknown }: SettingsIssue,
  { where, key, value }: { where: string; key: string; value: unknown },
): Finding {
  const found = showValue(value, path);
  const message = unknown
    ? `unknown key ${key}; ${accepted}`
    : `${key}: found ${found}; accepted: ${accepted}`;
  return { level: "error", rule: "invalid-settings", where, message, key, found, accepted };
}

const mayBeSecret = (key: unknown) => /secret|password|token/i.test(String(key));

/** A value as messages show it: short, and without anything that may be a secret. */
export function showValue(value: unknown, path: readonly (string | number)[]): string {
  if (value === undefined) return "nothing";
  if (path.some(mayBeSecret)) return "a value that is not shown";
  const text =
    JSON.stringify(value, (key, inner: unknown) => (mayBeSecret(key) ? "…" : inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

type Issue = z.core.$ZodIssue;

const TYPE_WORDS: Record<string, string> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values",
};

function readIssue(issue: Issue, parent: SettingsPath, schema: SettingsJsonSchema): SettingsIssue[] {
  const path: SettingsPath = [...parent, ...issue.path.filter((key) => typeof key !== "symbol")];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        unknown: true,
        accepted: knownKeys(key, path, schema),
      }));
    case "invalid_key":
      return [{ path, accepted: issue.issues[0]?.message ?? "another key" }];
    case "invalid_union":
      return readUnion(issue, path, schema);
    case "invalid_value":
      return [{ path, accepted: issue.values.map(String).join(", ") }];
    case "invalid_type": {
      const standard = issue.message.startsWith("Invalid input");
      return [{ path, accepted: standard ? (TYPE_WORDS[issue.expected] ?? issue.expected) : issue.message }];
    }
    case "too_small":
      return [{ path, accepted: bound("at least", issue.minimum, issue.origin) }];
    case "too_big":
      return [{ path, accepted: bound("at most", issue.maximum, issue.origin) }];
    default:
      return [{ path, accepted: issue.message }];
  }
}

function knownKeys(key: string, path: SettingsPath, schema: SettingsJsonSchema): string {
  const keys = schemasAt(schema, path)
    .flatMap(alternatives)
    .flatMap(({ properties }) => Object.keys(properties ?? {}));
  const meant = nearest(key, keys);
  return `${meant === undefined ? "" : `did you mean ${meant}? `}Known keys: ${keys.join(", ")}`;
}

/** The alternative whose type fits is the one that was meant, so only its issues count; else all alternatives. */
function readUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: SettingsPath,
  schema: SettingsJsonSchema,
): SettingsIssue[] {
  const branches = issue.errors;
  const meant = branches.filter(
    (issues) => !issues.some(({ code, path: at }) => /^invalid_(type|value)$/.test(code) && at.length === 0),
  );
  const [only] = meant;
  if (only && meant.length === 1) return only.flatMap((inner) => readIssue(inner, path, schema));
  const accepted = branches
    .flat()
    .flatMap((inner) => readIssue(inner, path, schema).map((read) => read.accepted));
  return [{ path, accepted: [...new Set(accepted)].join(", or ") || issue.message }];
}

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = { array: " entries", string: " characters", map: " keys" }[origin] ?? "";
  return `${word} ${limit}${unit}`;
}
