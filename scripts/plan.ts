import { Command } from "commander";
import { hasError, planOf } from "../local/plan";
import { planText } from "../local/plan/text";
import { stop } from "./stop";

const program = new Command("plan")
  .description("What a stack would consist of, without AWS: resources, routes, quotas, findings.")
  .option("--stack <name>", "stack to plan", "dev")
  .option("--json", "print the plan as JSON and nothing else")
  .addHelpText("after", "\nExits with 1 when there is an error finding.")
  .action(async ({ stack, json }: { stack: string; json?: boolean }) => {
    const plan = await planOf(stack);
    console.log(json ? JSON.stringify(plan, null, 2) : planText(plan));
    process.exitCode = hasError(plan) ? 1 : 0;
  });

program.parseAsync().catch(stop);
