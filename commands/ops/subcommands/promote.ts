import { createInterface } from "node:readline/promises";
import { stacksRoot } from "../../../lib/project-root";
import { showChange, validate, writeChange } from "../stack/change";
import { promote } from "../stack/promote";
import { readStackFile } from "../stack/stack-file";
import { type Register, wholeNumber } from "./context";

export const register: Register = (program) => {
  program
    .command("promote <service>")
    .description(
      "copy a service's settings from one stack to another, comments included; shows the difference first",
    )
    .requiredOption("--from <stack>", "stack to copy from")
    .requiredOption("--to <stack>", "stack to copy to")
    .option(
      "--backend <yaml>",
      "where a service that is new there runs, e.g. '{ instances: [i-0123456789abcdef0] }'",
    )
    .option("--port <n>", "its port there, if it is another", wholeNumber)
    .option("--yes", "write it without asking")
    .action(async (service: string, options: PromoteOptions) => {
      const change = promote(
        readStackFile(stacksRoot(), options.from),
        readStackFile(stacksRoot(), options.to),
        service,
        options,
      );
      const difference = showChange(change);
      if (difference === "") {
        console.log(`${service} is the same in ${options.from} and ${options.to}.`);
        return;
      }
      console.log(difference);
      validate(change);
      if (options.yes || (await agreed(`Write Pulumi.${options.to}.yaml? [y/N] `))) {
        writeChange(change);
        console.log(
          `Wrote Pulumi.${options.to}.yaml; npm run plan -- --stack ${options.to} shows what it does.`,
        );
      } else {
        console.log("Nothing was written.");
      }
    });
};

interface PromoteOptions {
  from: string;
  to: string;
  backend?: string;
  port?: number;
  yes?: boolean;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
