import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import type { GitHub } from "./github";

/** By which the one comment of a pull request is found again. */
export const MARKER = "<!-- gateway-plan -->";
/** GitHub refuses a longer body. */
const MAX_BODY = 65_536;

export interface PlanText {
  stack: string;
  markdown: string;
}

/**
 * The plans that a pull request's workflow left as files: `<stack>.md`, and `pull-request.txt` with its number. They come from a
 * run of the pull request's own code, so nothing in them is believed: names are matched, sizes limited.
 */
export function readPlans(folder: string): { pullRequest: number; plans: PlanText[] } {
  const file = join(folder, "pull-request.txt");
  const number = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (!/^[1-9]\d{0,9}$/.test(number)) throw new UserError("The run left no number of a pull request.");
  const plans = readdirSync(folder)
    .flatMap((name) => /^([a-z][a-z0-9-]{0,15})\.md$/.exec(name)?.[1] ?? [])
    .sort(byStage)
    .map((stack) => ({ stack, markdown: readFileSync(join(folder, `${stack}.md`), "utf8") }));
  return { pullRequest: Number(number), plans };
}

const STAGES = ["dev", "test", "stage", "prod"];
const rank = (stack: string) => (STAGES.includes(stack) ? STAGES.indexOf(stack) : STAGES.length);
const byStage = (a: string, b: string) => rank(a) - rank(b) || a.localeCompare(b);

/** One comment of all stacks; what is too long is cut where GitHub would refuse it. */
export function commentBody(plans: PlanText[], { sha, runUrl }: { sha: string; runUrl: string }): string {
  const head = `${MARKER}\n## What this changes\n\nPlan of ${sha.slice(0, 10)}, made without AWS. [All of it](${runUrl})\n`;
  const room = Math.floor((MAX_BODY - head.length - 200) / Math.max(1, plans.length));
  const sections = plans.map(({ markdown }) => cut(harmless(markdown.trim()), room));
  return [head, ...sections].join("\n\n");
}

/** Text from a fork must not notify people or pass for this comment's own marker. */
function harmless(markdown: string): string {
  return markdown.replaceAll("<!--", "&lt;!--").replace(/@(?=[A-Za-z0-9])/g, "@\u200b");
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const note = "\n\n… cut here: the rest is in the run's summary.";
  const kept = text.slice(0, room - note.length - 20);
  // An open detail or code block would swallow the next stack's plan.
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
 * Writes the comment, over the one of an earlier run if there is one.
 *
 * @throws UserError when the pull request's head is not the commit that the run was of: the number in the files is the run's own word
 */
export async function upsertComment(
  gitHub: GitHub,
  { pullRequest, body, sha }: { pullRequest: number; body: string; sha: string },
): Promise<"created" | "updated"> {
  const { head } = await gitHub.get<{ head: { sha: string } }>(`/pulls/${pullRequest}`);
  if (head.sha !== sha) {
    throw new UserError(
      `#${pullRequest} is at ${head.sha.slice(0, 10)}, the run was of ${sha.slice(0, 10)}: no comment.`,
    );
  }
  const comments = await gitHub.list<Comment>(`/issues/${pullRequest}/comments`);
  const own = comments.find((comment) => comment.user?.type === "Bot" && comment.body?.startsWith(MARKER));
  if (own) await gitHub.patch(`/issues/comments/${own.id}`, { body });
  else await gitHub.post(`/issues/${pullRequest}/comments`, { body });
  return own ? "updated" : "created";
}
