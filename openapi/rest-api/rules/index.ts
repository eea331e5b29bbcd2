import { markdownTable } from "../../../lib/table";
import { DEFINITION_RULES } from "./definition";
import { DOCUMENT_RULES } from "./document";
import type { Rule } from "./rule";
import { SCHEMA_RULES } from "./schemas";

export type { Fact, Rule } from "./rule";

/**
 * Every rule of `check`, with all of its texts. A new rule: an entry here, a call of `report.add` in openapi/check or
 * openapi/compile, a row in tests/openapi/check/rules.test.ts; then `npm run spec -- rules` writes docs/specs.md.
 */
export const RULES = { ...DOCUMENT_RULES, ...SCHEMA_RULES, ...DEFINITION_RULES } satisfies Record<
  string,
  Rule
>;

export type RuleId = keyof typeof RULES;

/** What a rule's texts are made of. */
export type FactsOf<Id extends RuleId> = Parameters<(typeof RULES)[Id]["found"]>;

/** The sentences after what was found: what AWS does, and who has to do what. */
export function adviceOf({ level, aws, todo, fix }: Rule): string {
  if (fix === undefined) return `${aws} ${todo ?? "No action needed."}`;
  const fixer = level === "info" ? "`spec compile`" : "Fixed automatically: `spec compile`";
  return `${aws} ${fixer} ${fix}.`;
}

/** The table of docs/specs.md. */
export function renderRules(): string {
  const rows = Object.entries<Rule>(RULES).map(([id, rule]) => [
    rule.source ? `[\`${id}\`](${rule.source})` : `\`${id}\``,
    rule.level,
    rule.aws,
    rule.fix === undefined ? (rule.todo ?? "") : `\`spec compile\` ${rule.fix}`,
  ]);
  return markdownTable(["rule", "level", "what AWS does", "what to do"], rows);
}
