import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { costOf } from "../../../offline/cost/cost";
import { costText } from "../../../offline/cost/text";
import { record } from "../../../offline/recording";
import { deployPolicy } from "../deploy-policy/document";
import { readStackFile, regionOf } from "../stack/stack-file";
import type { Register } from "./context";

export const register: Register = (program) => {
  program
    .command("deploy-policy")
    .description("the least an IAM role needs to bring a stack up, from what its program declares")
    .requiredOption("--stack <name>", "stack")
    .requiredOption("--account <id>", "AWS account of the stack, 12 digits")
    .option("--read-only", "only what a preview needs")
    .option("--out <folder>", "write one file per managed policy instead of printing them")
    .action(async (options: { stack: string; account: string; readOnly?: boolean; out?: string }) => {
      const { stack, account, readOnly, out } = options;
      if (!/^\d{12}$/.test(account)) throw new UserError(`--account takes 12 digits, found ${account}.`);
      const region = regionOf(readStackFile(stacksRoot(), stack));
      const { resources } = await record(stack, { root: stacksRoot() });
      const { documents, uncovered } = deployPolicy(resources, { region, account, readOnly });
      if (uncovered.length > 0) {
        throw new UserError(`No grant is written for ${uncovered.join(", ")}; add it to ops/deploy-policy.`);
      }
      if (out === undefined) {
        console.log(JSON.stringify(documents, null, 2));
        return;
      }
      mkdirSync(out, { recursive: true });
      documents.forEach((document, index) => {
        const file = join(out, `${stack}-${readOnly ? "preview" : "deploy"}-${index + 1}.json`);
        writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
        console.log(file);
      });
    });

  program
    .command("cost")
    .description("what a stack costs a month and per million requests: an estimate")
    .requiredOption("--stack <name>", "stack")
    .option("--json", "as JSON")
    .action(async ({ stack, json }: { stack: string; json?: boolean }) => {
      const { resources } = await record(stack, { root: stacksRoot() });
      const cost = costOf(resources, { region: regionOf(readStackFile(stacksRoot(), stack)) });
      console.log(json ? JSON.stringify(cost, null, 2) : costText(cost));
    });
};
