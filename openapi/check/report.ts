import type { Finding } from "../../lib/finding";
import type { Path } from "../../lib/json";
import type { SpecDocument } from "../document";
import { LocatedFinding } from "../located";
import { RULES, type Rule, type RuleId } from "./rules";

const ADVICE = new Map(Object.entries(RULES).map(([id, rule]) => [id, adviceOf(rule)]));

/** Collects the findings of a check. */
export class Report {
  readonly findings: Finding[] = [];

  constructor(private readonly document: SpecDocument) {}

  /** `found` says what there is; the rule adds what AWS does and what to do. */
  add(id: RuleId, path: Path, found: string): void {
    const { level, autofix }: Rule = RULES[id];
    const finding = new LocatedFinding(this.document, path.slice(), level, id, found, ADVICE.get(id) ?? "");
    if (autofix) finding.autofix = true;
    this.findings.push(finding);
  }
}

function adviceOf({ aws, todo, level, autofix }: Rule): string {
  const mended = autofix && level !== "info" ? " (`spec compile` mends it by itself.)" : "";
  return `${aws} ${todo}${mended}`;
}
