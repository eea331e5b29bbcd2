import { own } from "./json";

export type Level = "error" | "warning" | "info";

/** One problem: which rule, where, what it is and what to do about it. */
export interface Finding {
  level: Level;
  /** Rule id in kebab-case; docs/specs.md has the table */
  rule: string;
  /** "file:line:column", or "service entity-api, GET /x" where no file is concerned */
  where: string;
  /** What was found, what AWS does with it, what to do */
  message: string;
  /** Set when `compile` mends it, so the team has nothing to do */
  compiled?: true;
}

/** One thing that `compile` made different from the spec. */
export interface Change {
  rule: string;
  where: string;
  what: string;
  why: string;
}

/** A document that can't be read: every reason, each with its place. */
export class DocumentError extends Error {
  constructor(readonly findings: Finding[]) {
    super(findings.map((finding) => `${finding.where}: ${finding.message}`).join("\n"));
    this.name = "DocumentError";
  }
}

/**
 * Gives `record` a `where` that is worked out when somebody reads it: a big document can have more findings and
 * changes than anyone prints, and finding a line is dearer than finding the problem. The property is an own,
 * enumerable one, so JSON, spreads and deepEqual see it.
 */
export function located<T extends object>(locate: () => string, record: T): T & { where: string } {
  let place: string | undefined;
  Object.defineProperty(record, "where", {
    enumerable: true,
    configurable: true,
    get() {
      place ??= locate();
      return place;
    },
  });
  return record as T & { where: string };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => own(finding, "level") === "error");
}
