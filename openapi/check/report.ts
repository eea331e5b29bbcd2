import type { SpecDocument } from "../document";
import { type Finding, LocatedFinding } from "../finding";
import type { Path } from "../json";
import { RULES, type Rule, type RuleId } from "./rules";

/** Collects the findings of a check. */
export class Report {
  readonly findings: Finding[] = [];

  constructor(private readonly document: SpecDocument) {}

  /** `found` says what there is; the rule adds what AWS does and what to do. */
  add(id: RuleId, path: Path, found: string): void {
    const rule: Rule = RULES[id];
    const mended = rule.compiled && rule.level !== "info" ? " (`spec compile` mends it by itself.)" : "";
    const message = `${found} ${rule.aws} ${rule.todo}${mended}`;
    const finding = new LocatedFinding(this.document, path.slice(), rule.level, id, message);
    if (rule.compiled) finding.compiled = true;
    this.findings.push(finding);
  }
}
