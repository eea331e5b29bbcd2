import type { Finding } from "../lib/finding";
import type { Path } from "../lib/json";
import { COMPILE_RULES, type CompileFacts, type CompileRule, type CompileRuleId } from "./compile/rules";
import type { SpecDocument } from "./document";
import { adviceOf, type Fact, type FactsOf, RULES, type Rule, type RuleId } from "./rest-api/rules";
import { shorten } from "./shorten";

/** One thing that `compile` made different from the spec. */
export interface Change {
  rule: string;
  where: string;
  what: string;
  why: string;
}

interface Entry<AnyRule> {
  id: string;
  rule: AnyRule;
  path: Path;
  facts: readonly Fact[];
  operation?: string;
}

type CheckEntry = Entry<Rule<Fact[]>>;
type CompileEntry = Entry<CompileRule<Fact[]>>;

/**
 * What check and compile find, in their order. An entry is only a rule, a path and some facts; texts and lines are
 * made for what somebody reads, since a big document has more entries than anyone prints.
 */
export class Recorder {
  /** "GET /x" while an operation is looked at; the findings of that time carry it */
  operation: string | undefined;
  readonly #entries: (CheckEntry | CompileEntry)[] = [];

  constructor(
    readonly document: SpecDocument,
    private readonly locateSetting: (path: Path) => string = describeSetting,
  ) {}

  /** Something that a rule of `check` is about. */
  add<Id extends RuleId>(id: Id, path: Path, ...facts: FactsOf<Id>): void {
    this.#add(id, RULES[id] as Rule, path, facts);
  }

  /** Something that is only found, or done, when a spec is compiled. */
  compiling<Id extends CompileRuleId>(id: Id, path: Path, ...facts: CompileFacts<Id>): void {
    this.#add(id, COMPILE_RULES[id] as CompileRule, path, facts);
  }

  #add(id: string, rule: Rule | CompileRule, path: Path, facts: readonly Fact[]): void {
    const { operation } = this;
    this.#entries.push({ id, rule: rule as Rule<Fact[]>, path: path.slice(), facts, operation });
  }

  /** Every entry of a rule of `check`. */
  findings(): Finding[] {
    return this.#entries.filter(isCheck).map((entry) => new RecordedFinding(entry, this));
  }

  /** What compile cannot, or should not, change. */
  complaints(): Finding[] {
    const isComplaint = (entry: CheckEntry | CompileEntry) =>
      isCheck(entry)
        ? entry.rule.fix === undefined && entry.rule.level !== "info"
        : entry.rule.level !== undefined;
    return this.#entries.filter(isComplaint).map((entry) => new RecordedFinding(entry, this));
  }

  /** What compile made different. */
  changes(): Change[] {
    return this.#entries.flatMap((entry) => {
      const why = whyOf(entry);
      if (why === undefined) return [];
      const what = isCheck(entry) ? `${foundBy(entry)} Compile ${entry.rule.fix}.` : foundBy(entry);
      return [{ rule: entry.id, where: this.locate(entry), what, why }];
    });
  }

  locate({ rule, path }: CheckEntry | CompileEntry): string {
    return "inSettings" in rule ? this.locateSetting(path) : this.document.locate(path);
  }
}

function isCheck(entry: CheckEntry | CompileEntry): entry is CheckEntry {
  return "aws" in entry.rule;
}

/** A finding whose text and line are made when they are read. */
class RecordedFinding implements Finding {
  readonly level;
  readonly rule: string;
  declare operation?: string;
  declare autofix?: true;
  readonly #entry: CheckEntry | CompileEntry;
  readonly #recorder: Recorder;

  constructor(entry: CheckEntry | CompileEntry, recorder: Recorder) {
    this.level = entry.rule.level ?? ("info" as const);
    this.rule = entry.id;
    if (entry.operation !== undefined) this.operation = entry.operation;
    if (isCheck(entry) && entry.rule.fix !== undefined) this.autofix = true;
    this.#entry = entry;
    this.#recorder = recorder;
  }

  get where(): string {
    return this.#recorder.locate(this.#entry);
  }

  get message(): string {
    const found = foundBy(this.#entry);
    return isCheck(this.#entry) ? `${found} ${adviceOf(this.#entry.rule)}` : found;
  }

  toJSON(): Finding {
    const { level, rule, where, message, operation, autofix } = this;
    return { level, rule, where, message, ...(operation && { operation }), ...(autofix && { autofix }) };
  }
}

function whyOf(entry: CheckEntry | CompileEntry): string | undefined {
  if (isCheck(entry)) return entry.rule.fix === undefined ? undefined : entry.rule.aws;
  const { why } = entry.rule;
  return typeof why === "function" ? why(...entry.facts) : why;
}

function foundBy({ rule, facts }: CheckEntry | CompileEntry): string {
  return shorten(rule.found(...facts));
}

function describeSetting(path: Path): string {
  return `settings ${path.map((key) => (/^\w+$/.test(String(key)) ? key : JSON.stringify(key))).join(".")}`;
}
