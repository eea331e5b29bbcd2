import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { nearest } from "../../lib/nearest";

export type Path = (string | number)[];

/** One thing wrong in a stack's configuration. `line` and `column` count from 1. */
export interface Problem {
  file: string;
  line?: number;
  column?: number;
  key: string;
  found: string;
  accepted: string;
}

/** The configuration cannot be used. The message is complete: one line per problem. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  constructor(readonly problems: Problem[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(
      `The configuration has ${count}:\n${problems.map((problem) => `  ${describe(problem)}`).join("\n")}`,
    );
  }
}

function describe({ file, line, column, key, found, accepted }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `${place} ${key}: found ${found}; accepted: ${accepted}`;
}

/** The key of a stack file that a path begins with: of this program, unless it names another's (`aws:region`). */
const rootKey = (first: string | number | undefined) =>
  String(first).includes(":") ? String(first) : `gateway:${first ?? ""}`;

/** `["services", 0, "port"]` → `gateway:services[0].port` */
export function keyOf(path: Path): string {
  const [first, ...rest] = path;
  const tail = rest.map((part) =>
    typeof part === "number" ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`,
  );
  return `${rootKey(first)}${tail.join("")}`;
}

const mayBeSecret = (key: unknown) => /secret|password|token/i.test(String(key));

/** A value as an error text shows it: short, and without anything that may be a secret. */
export function show(value: unknown, path: Path): string {
  if (value === undefined) return "nothing";
  if (path.some(mayBeSecret)) return "a value that is not shown";
  const text =
    JSON.stringify(value, (key, part: unknown) => (mayBeSecret(key) ? "…" : part)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (at as Record<string | number, unknown> | undefined | null)?.[part],
    value,
  );
}

/** Finds the place of a key in the text of a stack file: of the key itself, or of the nearest one around it. */
export function locator(text: string | undefined): (path: Path) => { line?: number; column?: number } {
  if (text === undefined) return () => ({});
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (path) => {
    const [first, ...rest] = path;
    const full: Path = ["config", rootKey(first), ...rest];
    for (let depth = full.length; depth > 0; depth--) {
      const parent = document.getIn(full.slice(0, depth - 1), true);
      const last = full[depth - 1];
      const key = isMap(parent)
        ? parent.items.find(({ key: k }) => isScalar(k) && k.value === last)?.key
        : undefined;
      const node = (key ?? document.getIn(full.slice(0, depth), true)) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return {};
  };
}

const TYPE_WORDS: Record<string, string> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values",
};

type Issue = z.core.$ZodIssue;

/** What a schema's issue says, as problems without a place: where, and what would be accepted. */
export function readIssue(
  issue: Issue,
  keysAt: (path: Path) => string[],
): { path: Path; accepted: string; unknown?: true }[] {
  const path = issue.path as Path;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const keys = keysAt(path);
        const close = nearest(key, keys);
        return {
          path: [...path, key],
          unknown: true,
          accepted: `${close ? `did you mean ${close}? ` : ""}the keys here are ${keys.join(", ")}`,
        };
      });
    case "invalid_key":
      return [{ path, accepted: issue.issues[0]?.message ?? "another key" }];
    case "invalid_union":
      return [{ path, accepted: unionWords(issue.errors, keysAt) || issue.message }];
    case "invalid_value":
      return [{ path, accepted: issue.values.map((value) => String(value)).join(", ") }];
    case "invalid_type":
      return [
        {
          path,
          accepted: issue.message.startsWith("Invalid input")
            ? (TYPE_WORDS[issue.expected] ?? issue.expected)
            : issue.message,
        },
      ];
    case "too_small":
      return [{ path, accepted: bound("at least", issue.minimum, issue.origin) }];
    case "too_big":
      return [{ path, accepted: bound("at most", issue.maximum, issue.origin) }];
    default:
      return [{ path, accepted: issue.message }];
  }
}

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = { array: " entries", string: " characters", map: " keys" }[origin] ?? "";
  return `${word} ${limit}${unit}`;
}

function unionWords(branches: Issue[][], keysAt: (path: Path) => string[]): string {
  const words = branches.flatMap((issues) =>
    issues.flatMap((issue) => readIssue(issue, keysAt)).map(({ accepted }) => accepted),
  );
  return [...new Set(words)].join(", or ");
}
