import type { Difference } from "./difference";

export interface Summary {
  added: number;
  removed: number;
  weakened: number;
  tightened: number;
  breaking: number;
}

export function summarize(differences: readonly Difference[]): Summary {
  const count = (test: (difference: Difference) => boolean) => differences.filter(test).length;
  return {
    added: count(({ kind }) => kind === "route-added"),
    removed: count(({ kind }) => kind === "route-removed"),
    weakened: count(({ weakened }) => weakened),
    tightened: count(({ kind }) => kind === "access-tightened"),
    breaking: count(({ breaking }) => breaking),
  };
}

const NO_CHANGE = "No changes for callers.\n";

function mark({ breaking, weakened }: Difference): string {
  return [weakened && "WEAKENED", breaking && "breaking"].filter(Boolean).join(" ");
}

function headline(differences: readonly Difference[]): string {
  const { added, removed, weakened, tightened, breaking } = summarize(differences);
  return `${added} routes added, ${removed} removed; access weakened ${weakened} times, tightened ${tightened}; ${breaking} breaking`;
}

export function renderText(differences: readonly Difference[]): string {
  if (differences.length === 0) return NO_CHANGE;
  const lines = differences.map(
    (difference) => `${(mark(difference) || "-").padEnd(10)} ${difference.route}: ${difference.message}`,
  );
  return `${lines.join("\n")}\n\n${headline(differences)}\n`;
}

/** A table for a pull-request comment; at most `limit` rows, since GitHub accepts 65,536 characters. */
export function renderMarkdown(differences: readonly Difference[], limit = 200): string {
  if (differences.length === 0) return NO_CHANGE;
  const important = [...differences].sort((a, b) => weight(b) - weight(a));
  const rows = important.slice(0, limit).map((difference) => {
    const bold = mark(difference);
    return `| ${bold && `**${bold}**`} | \`${cell(difference.route)}\` | ${cell(difference.message)} |`;
  });
  const left = differences.length - rows.length;
  const table = ["| | route | change |", "| --- | --- | --- |", ...rows].join("\n");
  return `${headline(differences)}\n\n${table}\n${left > 0 ? `\n… and ${left} more.\n` : ""}`;
}

function weight({ breaking, weakened }: Difference): number {
  return (weakened ? 2 : 0) + (breaking ? 1 : 0);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
