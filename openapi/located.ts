import type { Finding, Severity } from "../lib/finding";
import type { Path } from "../lib/json";

/** One thing that `compile` made different from the spec. */
export interface Change {
  rule: string;
  where: string;
  what: string;
  why: string;
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
  declare autofix?: true;
  readonly #found: string;
  readonly #advice: string;

  constructor(
    place: Place,
    path: Path,
    readonly level: Severity,
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
    const { level, rule, where, message, autofix } = this;
    return { level, rule, where, message, ...(autofix && { autofix }) };
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
