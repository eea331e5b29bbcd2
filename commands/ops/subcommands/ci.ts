import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { compareWithCommit, markdownOf, verdict } from "../../../offline/compare";
import { gatesFor } from "../../../offline/compare/gates";
import { commentBody, readPlans, upsertComment } from "../ci/comment";
import { type DriftReport, driftBody, keepDriftIssue, readPreview } from "../ci/drift";
import { GitHub, gitHubContext } from "../ci/github";
import type { Register } from "./context";

/** What the workflows run; the same by hand. */
export const register: Register = (program) => {
  const ci = program.command("ci").description("what the workflows run");

  ci.command("plan")
    .description("plan a stack against another commit; exit 1 on what no label lets pass")
    .requiredOption("--stack <name>", "stack")
    .requiredOption("--base <ref>", "commit to compare with")
    .requiredOption("--pull-request <number>", "number of the pull request")
    .option("--labels <json>", "labels of the pull request, a JSON list", "[]")
    .requiredOption("--out <folder>", "where the plan goes, for the comment")
    .action(async (options: PlanOptions) => {
      const { stack, base, pullRequest, labels, out } = options;
      const comparison = await compareWithCommit(stacksRoot(), stack, base);
      const failures = verdict(comparison, gatesFor(readLabels(labels)));
      const markdown = markdownOf(comparison, failures);
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${stack}.md`), markdown);
      writeFileSync(join(out, "pull-request.txt"), pullRequest);
      console.log(markdown);
      if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, markdown);
      if (failures.length > 0) process.exitCode = 1;
    });

  ci.command("comment")
    .description("write the plans of a run into the one comment of its pull request")
    .requiredOption("--plans <folder>", "what the run left")
    .requiredOption("--head <sha>", "commit that the run was of")
    .requiredOption("--run-url <url>", "page of the run")
    .action(async ({ plans: folder, head, runUrl }: { plans: string; head: string; runUrl: string }) => {
      const { pullRequest, plans } = readPlans(folder);
      if (plans.length === 0) throw new UserError("The run left no plan; its log says why.");
      const body = commentBody(plans, { sha: head, runUrl });
      const done = await upsertComment(new GitHub(gitHubContext(process.env)), {
        pullRequest,
        body,
        sha: head,
      });
      console.log(`${done} the comment of #${pullRequest}`);
    });

  ci.command("drift")
    .description("open, update or close the one issue that says what differs in AWS")
    .requiredOption(
      "--previews <folder>",
      "per stack the preview's output, STACK.txt, and its exit code, STACK.code",
    )
    .requiredOption("--stacks <names>", "stacks that were compared, separated by commas")
    .requiredOption("--run-url <url>", "page of the run")
    .action(async ({ previews, stacks, runUrl }: { previews: string; stacks: string; runUrl: string }) => {
      const reports = stacks.split(",").map((stack) => previewOf(previews, stack));
      for (const { stack, outcome } of reports) console.log(`${stack}: ${outcome}`);
      const { action, number } = await keepDriftIssue(
        new GitHub(gitHubContext(process.env)),
        driftBody(reports, runUrl),
      );
      console.log(number === undefined ? "no issue is open, none is needed" : `${action} #${number}`);
    });
};

interface PlanOptions {
  stack: string;
  base: string;
  pullRequest: string;
  labels: string;
  out: string;
}

function readLabels(text: string): string[] {
  try {
    const labels: unknown = JSON.parse(text);
    if (Array.isArray(labels) && labels.every((label) => typeof label === "string")) return labels;
  } catch {
    // Said below.
  }
  throw new UserError(`--labels takes a JSON list of texts, found ${text}.`);
}

/** A stack whose job left nothing could not be compared, which must not pass for "nothing differs". */
function previewOf(folder: string, stack: string): DriftReport {
  try {
    const code = Number(readFileSync(join(folder, `${stack}.code`), "utf8").trim());
    return readPreview(stack, code, readFileSync(join(folder, `${stack}.txt`), "utf8"));
  } catch {
    return { stack, outcome: "failed", text: "The job ended before it compared anything; its log says why." };
  }
}
