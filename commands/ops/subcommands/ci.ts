import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { compareWithCommit, markdownOf, verdict } from "../../../offline/compare";
import { gatesFor } from "../../../offline/compare/gates";
import { commentBody, readPlans, upsertComment } from "../ci/comment";
import { type DriftReport, driftBody, readPreview, syncDriftIssue } from "../ci/drift";
import { GitHub, gitHubContext } from "../ci/github";
import type { Register } from "../context";

/** The commands that the workflows run; they work by hand too. */
export const register: Register = (program) => {
  const ci = program.command("ci").description("the commands that the workflows run");

  ci.command("plan")
    .description("compare a stack with another commit; exit 1 on a change that no label permits")
    .requiredOption("--stack <name>", "stack")
    .requiredOption("--base <ref>", "commit to compare with")
    .requiredOption("--pull-request <number>", "number of the pull request")
    .option("--labels <json>", "labels of the pull request, a JSON list", "[]")
    .requiredOption("--out <folder>", "folder for the plan, which the comment is made of")
    .action(plan);

  ci.command("comment")
    .description("write a run's plans into the one comment of its pull request")
    .requiredOption("--plans <folder>", "the files that the run left")
    .requiredOption("--head <sha>", "commit of the run")
    .requiredOption("--run-url <url>", "page of the run")
    .action(comment);

  ci.command("drift")
    .description("open, update or close the one issue that reports differences in AWS")
    .requiredOption(
      "--previews <folder>",
      "per stack the preview's output, STACK.txt, and its exit code, STACK.code",
    )
    .requiredOption("--stacks <names>", "stacks that were compared, separated by commas")
    .requiredOption("--run-url <url>", "page of the run")
    .action(drift);
};

interface PlanOptions {
  stack: string;
  base: string;
  pullRequest: string;
  labels: string;
  out: string;
}

async function plan({ stack, base, pullRequest, labels, out }: PlanOptions): Promise<void> {
  const comparison = await compareWithCommit(stacksRoot(), stack, base);
  const failures = verdict(comparison, gatesFor(readLabels(labels)));
  const markdown = markdownOf(comparison, failures);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${stack}.md`), markdown);
  writeFileSync(join(out, "pull-request.txt"), pullRequest);
  console.log(markdown);
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, markdown);
  if (failures.length > 0) process.exitCode = 1;
}

interface CommentOptions {
  plans: string;
  head: string;
  runUrl: string;
}

async function comment({ plans: folder, head: sha, runUrl }: CommentOptions): Promise<void> {
  const { pullRequest, plans } = readPlans(folder);
  if (plans.length === 0) throw new UserError("The run left no plan. See its log for the reason.");
  const body = commentBody(plans, { sha, runUrl });
  const action = await upsertComment(new GitHub(gitHubContext(process.env)), { pullRequest, body, sha });
  console.log(`${action} the comment of #${pullRequest}`);
}

interface DriftOptions {
  previews: string;
  stacks: string;
  runUrl: string;
}

async function drift({ previews, stacks, runUrl }: DriftOptions): Promise<void> {
  const reports = stacks.split(",").map((stack) => previewOf(previews, stack));
  for (const { stack, outcome } of reports) console.log(`${stack}: ${outcome}`);
  const gitHub = new GitHub(gitHubContext(process.env));
  const { action, number } = await syncDriftIssue(gitHub, driftBody(reports, runUrl));
  console.log(number === undefined ? "no issue is open, and none is needed" : `${action} #${number}`);
}

function readLabels(text: string): string[] {
  try {
    const labels: unknown = JSON.parse(text);
    if (Array.isArray(labels) && labels.every((label) => typeof label === "string")) return labels;
  } catch {
    // Reported below.
  }
  throw new UserError(`--labels: found ${text}; accepted: a JSON list of strings`);
}

/** A stack whose job left no files could not be compared, which must not count as "no drift". */
function previewOf(folder: string, stack: string): DriftReport {
  try {
    const code = Number(readFileSync(join(folder, `${stack}.code`), "utf8").trim());
    return readPreview(stack, code, readFileSync(join(folder, `${stack}.txt`), "utf8"));
  } catch {
    return { stack, outcome: "failed", text: "The job ended before it compared anything. See its log." };
  }
}
