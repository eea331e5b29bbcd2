import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import type { GitHub } from "./github";

/** Identifies the one comment of a pull request. */
export const MARKER = "<!-- gateway-plan -->";
/** GitHub refuses a longer body. */
const MAX_BODY = 65_536;

export interface PlanText {
  stack: string;
  markdown: string;
}

/**
 * The plans that a pull request's workflow left as files: `<stack>.md`, and `pull-request.txt` with its number. The pull request's
 * own code wrote them, so they are untrusted: names are matched, links are not followed, sizes are limited.
 */
export function readPlans(folder: string): { pullRequest: number; plans: PlanText[] } {
  const file = join(folder, "pull-request.txt");
  const number = isFile(file) ? readFileSync(file, "utf8").trim() : "";
  if (!/^[1-9]\d{0,9}$/.test(number))
    throw new UserError("pull-request.txt does not contain a pull request number.");
  const plans = readdirSync(folder)
    .flatMap((name) => (isFile(join(folder, name)) && /^([a-z][a-z0-9-]{0,15})\.md$/.exec(name)?.[1]) || [])
    .sort(byStage)
    .map((stack) => ({ stack, markdown: readFileSync(join(folder, `${stack}.md`), "utf8") }));
  return { pullRequest: Number(number), plans };
}

/** Not a link, which could point to a file of this machine. */
const isFile = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;

const STAGES = ["dev", "test", "stage", "prod"];
const rank = (stack: string) => (STAGES.includes(stack) ? STAGES.indexOf(stack) : STAGES.length);
const byStage = (a: string, b: string) => rank(a) - rank(b) || a.localeCompare(b);

/** One comment for all stacks, cut to the length that GitHub accepts. */
export function commentBody(plans: PlanText[], { sha, runUrl }: { sha: string; runUrl: string }): string {
  const head = `${MARKER}\n## What this changes\n\nPlan of ${sha.slice(0, 10)}, made without AWS. [Full output](${runUrl})\n`;
  const room = Math.floor((MAX_BODY - head.length - 200) / Math.max(1, plans.length));
  const sections = plans.map(({ markdown }) => cut(harmless(markdown.trim()), room));
  return [head, ...sections].join("\n\n");
}

/** Text from a fork must neither notify people nor contain the marker. */
function harmless(markdown: string): string {
  return markdown.replaceAll("<!--", "&lt;!--").replace(/@(?=[A-Za-z0-9])/g, "@\u200b");
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const note = "\n\n… truncated: the run's summary has the rest.";
  const kept = text.slice(0, room - note.length - 20);
  // An unclosed <details> or code block would hide the next stack's plan.
  const fences = kept.split("```").length - 1;
  const details = kept.split("<details>").length - kept.split("</details>").length;
  return kept + (fences % 2 === 1 ? "\n```" : "") + "\n</details>".repeat(Math.max(0, details)) + note;
}

interface Comment {
  id: number;
  body?: string;
  user?: { type?: string };
}

/**
 * Creates the comment, or updates the one of an earlier run.
 *
 * @throws UserError when the run's commit is not the pull request's head: the number in the files is untrusted
 */
export async function upsertComment(
  gitHub: GitHub,
  { pullRequest, body, sha }: { pullRequest: number; body: string; sha: string },
): Promise<"created" | "updated"> {
  const { head } = await gitHub.get<{ head: { sha: string } }>(`/pulls/${pullRequest}`);
  if (head.sha !== sha) {
    throw new UserError(
      `#${pullRequest} is at ${head.sha.slice(0, 10)} but the run was of ${sha.slice(0, 10)}: no comment.`,
    );
  }
  const comments = await gitHub.list<Comment>(`/issues/${pullRequest}/comments`);
  const existing = comments.find(
    (comment) => comment.user?.type === "Bot" && comment.body?.startsWith(MARKER),
  );
  if (existing) await gitHub.patch(`/issues/comments/${existing.id}`, { body });
  else await gitHub.post(`/issues/${pullRequest}/comments`, { body });
  return existing ? "updated" : "created";
}
