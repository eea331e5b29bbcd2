import type { GitHub } from "./github";

/** What a scheduled preview of one stack found. */
export interface DriftReport {
  stack: string;
  outcome: "same" | "drift" | "failed";
  /** What the preview printed. */
  text: string;
}

/** The engine's message when `--expect-no-changes` finds changes; any other failure is not drift. */
const CHANGED = /no changes were expected but changes (were proposed|occurred)/i;

export function readPreview(stack: string, exitCode: number, text: string): DriftReport {
  const outcome = exitCode === 0 ? "same" : CHANGED.test(text) ? "drift" : "failed";
  return { stack, outcome, text };
}

export const DRIFT_LABEL = "drift";
const TITLE = "AWS differs from the program";
const ROOM = 14_000;

/** The issue's text; undefined when every stack is as the program declares it. */
export function driftBody(reports: DriftReport[], runUrl: string): string | undefined {
  const different = reports.filter(({ outcome }) => outcome !== "same");
  if (different.length === 0) return undefined;
  const same = reports.filter(({ outcome }) => outcome === "same").map(({ stack }) => stack);
  return [
    `[The scheduled preview](${runUrl}) compared AWS with the program. docs/drift.md says what to do.`,
    ...(same.length > 0 ? [`No difference: ${same.join(", ")}.`] : []),
    ...different.map(
      ({ stack, outcome, text }) =>
        `## ${stack}: ${outcome === "drift" ? "differs" : "could not be compared"}\n\n\`\`\`\n${tail(text)}\n\`\`\``,
    ),
  ].join("\n\n");
}

/** A preview prints the differences last. */
function tail(text: string): string {
  const plain = text.trim().replaceAll("```", "'''");
  return plain.length <= ROOM ? plain : `…\n${plain.slice(-ROOM)}`;
}

interface Issue {
  number: number;
  pull_request?: unknown;
}

/** Keeps one issue open while anything differs, and closes it when nothing does. */
export async function syncDriftIssue(
  gitHub: GitHub,
  body: string | undefined,
): Promise<{ action: "opened" | "updated" | "closed" | "none"; number?: number }> {
  const open = await gitHub.list<Issue>(`/issues?state=open&labels=${DRIFT_LABEL}`);
  const issue = open.find(({ pull_request }) => pull_request === undefined);
  if (body === undefined) {
    if (!issue) return { action: "none" };
    await gitHub.post(`/issues/${issue.number}/comments`, { body: "No stack differs any more." });
    await gitHub.patch(`/issues/${issue.number}`, { state: "closed" });
    return { action: "closed", number: issue.number };
  }
  if (issue) {
    await gitHub.patch(`/issues/${issue.number}`, { body });
    return { action: "updated", number: issue.number };
  }
  const { number } = await gitHub.post<Issue>("/issues", { title: TITLE, body, labels: [DRIFT_LABEL] });
  return { action: "opened", number };
}
