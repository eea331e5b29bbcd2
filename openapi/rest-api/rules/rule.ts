import type { Severity } from "../../../lib/finding";

/** A value that a rule's texts are made of. */
export type Fact = string | number;

export interface Rule<Facts extends Fact[] = never[]> {
  level: Severity;
  /** What was found, as a sentence */
  found: (...facts: Facts) => string;
  /** What AWS does, or says */
  aws: string;
  /** What the person has to do; absent when there is nothing to do */
  todo?: string;
  /** What `spec compile` does about it, as a verb phrase ("leaves it out") */
  fix?: string;
  /** The page or record that says so */
  source?: string;
}

type Found<Facts extends Fact[]> = (...facts: Facts) => string;

/** A rule for each level whose finding a person has to act on; without `todo`, there is nothing to do. */
const manual =
  (level: Severity) =>
  <Facts extends Fact[]>(found: Found<Facts>, aws: string, todo?: string, source?: string): Rule<Facts> => ({
    level,
    found,
    aws,
    ...(todo !== undefined && { todo }),
    ...(source !== undefined && { source }),
  });

/** A rule for each level whose finding `spec compile` takes care of. */
const automatic =
  (level: Severity) =>
  <Facts extends Fact[]>(found: Found<Facts>, aws: string, fix: string, source?: string): Rule<Facts> => ({
    level,
    found,
    aws,
    fix,
    ...(source !== undefined && { source }),
  });

export const error = manual("error");
export const warning = manual("warning");
export const info = manual("info");
export const fixed = { error: automatic("error"), warning: automatic("warning"), info: automatic("info") };
