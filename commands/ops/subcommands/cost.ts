import { stacksRoot } from "../../../lib/project-root";
import { costOf } from "../../../offline/cost/cost";
import { costText } from "../../../offline/cost/text";
import { record } from "../../../offline/recording";
import type { Register } from "../context";
import { readStackFile, regionOf } from "../stack/stack-file";

export const register: Register = (program) => {
  program
    .command("cost")
    .description("estimate what a stack costs per month and per million requests")
    .requiredOption("--stack <name>", "stack")
    .option("--json", "print JSON")
    .action(async ({ stack, json }: { stack: string; json?: boolean }) => {
      const { resources } = await record(stack, { root: stacksRoot() });
      const cost = costOf(resources, { region: regionOf(readStackFile(stacksRoot(), stack)) });
      console.log(json ? JSON.stringify(cost, null, 2) : costText(cost));
    });
};
