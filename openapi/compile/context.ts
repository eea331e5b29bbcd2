import type { Finding, Severity } from "../../lib/finding";
import type { Path } from "../../lib/json";
import type { SpecDocument } from "../document";
import { type Change, LocatedChange } from "../located";
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
    /** Whether changes are kept; a big spec has tens of thousands */
    private readonly keepsChanges: boolean,
  ) {}

  /** Notes that the definition differs from the spec at `path`. */
  change(rule: string, path: Path, what: string, why: string): void {
    if (this.keepsChanges) this.changes.push(new LocatedChange(this.document, path.slice(), rule, what, why));
  }

  finding(level: Severity, rule: string, path: Path, message: string): void {
    this.findings.push({ level, rule, where: this.document.locate(path), message });
  }

  settingFinding(level: Severity, rule: string, path: Path, message: string): void {
    this.findings.push({ level, rule, where: this.settingPlace(path), message });
  }
}
