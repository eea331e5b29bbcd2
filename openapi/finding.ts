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
 * A finding or change whose `where` is worked out when somebody reads it: a big document can have more of them than
 * anyone prints, and finding a line is dearer than finding the problem. The property is an own, enumerable one, so
 * JSON, spreads and deepEqual see it.
 */
export function findingAt(locate: () => string, level: Level, rule: string, message: string): Finding {
  let place: string | undefined;
  return {
    level,
    rule,
    get where() {
      place ??= locate();
      return place;
    },
    message,
  };
}

export function changeAt(locate: () => string, rule: string, what: string, why: string): Change {
  let place: string | undefined;
  return {
    rule,
    get where() {
      place ??= locate();
      return place;
    },
    what,
    why,
  };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === "error");
}
