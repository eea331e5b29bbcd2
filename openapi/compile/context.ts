import type { SpecDocument } from "../document";
import { type Change, changeAt, type Finding, findingAt, type Level } from "../finding";
import type { Path } from "../json";
import type { CompileSettings } from "../settings";

/** What every step of a compilation reads and adds to. */
export class Context {
  readonly changes: Change[] = [];
  readonly findings: Finding[] = [];

  constructor(
    readonly document: SpecDocument,
    readonly settings: CompileSettings,
    /** The place of a settings key, as a finding shows it */
    readonly settingPlace: (path: Path) => string,
  ) {}

  /** Notes that the definition differs from the spec at `path`. */
  change(rule: string, path: Path, what: string, why: string): void {
    const place = path.slice();
    this.changes.push(changeAt(() => this.document.locate(place), rule, what, why));
  }

  finding(level: Level, rule: string, path: Path, message: string): void {
    const place = path.slice();
    this.findings.push(findingAt(() => this.document.locate(place), level, rule, message));
  }

  settingFinding(level: Level, rule: string, path: Path, message: string): void {
    this.findings.push(findingAt(() => this.settingPlace(path), level, rule, message));
  }
}
