import { Command, Option } from "commander";
import { start } from "./start";

interface Options {
  stack: string;
  json?: boolean;
  base?: string;
  failOn: string;
}

const program = new Command("plan")
  .description("What a stack would consist of, without AWS: resources, routes, quotas, findings.")
  .option("--stack <name>", "stack to plan", "dev")
  .addOption(new Option("--json", "print the plan as JSON and nothing else").conflicts(["base", "markdown"]))
  .option("--base <ref>", "compare with the plan of another commit, as a pull request's comment shows it")
  .option("--markdown", "the form of a comparison; implied by --base")
  .option("--fail-on <what>", "with --base: what exits with 1, of weakened,breaking,findings", "findings")
  .addHelpText("after", "\nExits with 1 when there is an error finding, or what --fail-on names.")
  .action((options: Options & { markdown?: boolean }) => {
    if (options.base !== undefined) return compare(options.stack, options.base, options.failOn);
    if (options.markdown) program.error("--markdown is the form of a comparison: give --base REF too.");
    return plan(options);
  });

start(program);

async function plan({ stack, json }: Options): Promise<void> {
  const { hasError, planOf }: typeof import("../offline/plan") = require("../offline/plan");
  const { planText }: typeof import("../offline/plan/text") = require("../offline/plan/text");
  const made = await planOf(stack);
  console.log(json ? JSON.stringify(made, null, 2) : planText(made));
  process.exitCode = hasError(made) ? 1 : 0;
}

async function compare(stack: string, base: string, failOn: string): Promise<void> {
  const ops: typeof import("../offline/compare") = require("../offline/compare");
  const { stacksRoot }: typeof import("../lib/project-root") = require("../lib/project-root");
  const gates = ops.readGates(failOn);
  const comparison = await ops.compareWithCommit(stacksRoot(), stack, base);
  const failures = ops.verdict(comparison, gates);
  console.log(ops.markdownOf(comparison, failures));
  process.exitCode = failures.length > 0 ? 1 : 0;
}
