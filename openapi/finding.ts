import type { Path } from "../lib/json";

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

/** Where something stands; asked for only when somebody reads `where`. */
export interface Place {
  locate(path: Path): string;
}

/**
 * A finding or change whose `where` is worked out when it is read: a big document has more of them than anyone prints,
 * and finding a line is dearer than finding the problem.
 */
class Located {
  readonly #place: Place;
  readonly #path: Path;

  constructor(place: Place, path: Path) {
    this.#place = place;
    this.#path = path;
  }

  get where(): string {
    return this.#place.locate(this.#path);
  }
}

export class LocatedFinding extends Located implements Finding {
  declare compiled?: true;
  readonly #found: string;
  readonly #advice: string;

  constructor(
    place: Place,
    path: Path,
    readonly level: Level,
    readonly rule: string,
    /** What there is */
    found: string,
    /** What AWS does with it, and what to do */
    advice: string,
  ) {
    super(place, path);
    this.#found = found;
    this.#advice = advice;
  }

  get message(): string {
    return `${this.#found} ${this.#advice}`;
  }

  toJSON(): Finding {
    const { level, rule, where, message, compiled } = this;
    return { level, rule, where, message, ...(compiled && { compiled }) };
  }
}

export class LocatedChange extends Located implements Change {
  constructor(
    place: Place,
    path: Path,
    readonly rule: string,
    readonly what: string,
    readonly why: string,
  ) {
    super(place, path);
  }

  toJSON(): Change {
    const { rule, where, what, why } = this;
    return { rule, where, what, why };
  }
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === "error");
}
