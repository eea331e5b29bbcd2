import { Command } from "commander";
import { start } from "./start";

interface Options {
  stack: string;
  json?: boolean;
  base?: string;
  markdown?: boolean;
  failOn?: string;
}

const program = new Command("plan")
  .description("What a stack would consist of, without AWS: resources, routes, quotas, findings.")
  .option("--stack <name>", "stack to plan", "dev")
  .option("--json", "print JSON and nothing else")
  .option("--base <ref>", "compare with the plan of another commit")
  .option("--markdown", "with --base: as a pull request's comment shows it; default unless on a terminal")
  .option(
    "--fail-on <what>",
    "with --base: what exits with 1, of weakened,breaking,findings (default: findings)",
  )
  .addHelpText("after", "\nExits with 1 when there is an error finding, or what --fail-on names.")
  .action((options: Options) =>
    options.base === undefined ? plan(options) : compare(options, options.base),
  );

start(program);

async function plan({ stack, json, markdown, failOn }: Options): Promise<void> {
  for (const [flag, value] of Object.entries({ markdown, "fail-on": failOn })) {
    if (value !== undefined) program.error(`--${flag} is for a comparison: add --base REF.`);
  }
  const { planOf }: typeof import("../offline/plan") = require("../offline/plan");
  const { hasErrors }: typeof import("../lib/finding") = require("../lib/finding");
  const { planText }: typeof import("../offline/plan/text") = require("../offline/plan/text");
  const planned = await planOf(stack);
  console.log(json ? JSON.stringify(planned, null, 2) : planText(planned));
  process.exitCode = hasErrors(planned.findings) ? 1 : 0;
}

async function compare(options: Options, base: string): Promise<void> {
  const { stack, json, markdown, failOn = "findings" } = options;
  if (json && markdown) program.error("--json and --markdown exclude each other.");
  const offline: typeof import("../offline/compare") = require("../offline/compare");
  const { stacksRoot }: typeof import("../lib/project-root") = require("../lib/project-root");
  const gates = offline.readGates(failOn);
  const comparison = await offline.compareWithCommit(stacksRoot(), stack, base);
  const failures = offline.verdict(comparison, gates);
  const write = markdown || !process.stdout.isTTY ? offline.markdownOf : offline.textOf;
  console.log(json ? JSON.stringify({ ...comparison, failures }, null, 2) : write(comparison, failures));
  process.exitCode = failures.length > 0 ? 1 : 0;
}
