import { createInterface } from "node:readline/promises";
import { stacksRoot } from "../../../lib/project-root";
import { stackFileName } from "../../../offline/recording/stack-file";
import { type Register, wholeNumber } from "../context";
import { showChange, validate, writeChange } from "../stack/change";
import { promote } from "../stack/promote";
import { readStackFile } from "../stack/stack-file";

interface PromoteOptions {
  from: string;
  to: string;
  backend?: string;
  port?: number;
  yes?: boolean;
}

export const register: Register = (program) => {
  program
    .command("promote <service>")
    .description("copy a service's settings to another stack, comments included; shows the difference first")
    .requiredOption("--from <stack>", "stack to copy from")
    .requiredOption("--to <stack>", "stack to copy to")
    .option(
      "--backend <yaml>",
      "backend of a service that --to does not have yet, e.g. '{ instances: [i-0123456789abcdef0] }'",
    )
    .option("--port <n>", "its port there, if it differs", wholeNumber)
    .option("--yes", "write without asking")
    .action(promoteService);
};

async function promoteService(service: string, options: PromoteOptions): Promise<void> {
  const { from, to, yes } = options;
  const change = promote(
    readStackFile(stacksRoot(), from),
    readStackFile(stacksRoot(), to),
    service,
    options,
  );
  const difference = showChange(change);
  if (difference === "") {
    console.log(`${service} is the same in ${from} and ${to}.`);
    return;
  }
  console.log(difference);
  validate(change);
  if (!yes && !process.stdin.isTTY) {
    console.log("Nothing was written: there is no terminal to ask on. Run it again with --yes to write.");
  } else if (yes || (await confirmed(`Write ${stackFileName(to)}? [y/N] `))) {
    writeChange(change);
    console.log(`Wrote ${stackFileName(to)}. npm run plan -- --stack ${to} shows the effect.`);
  } else {
    console.log("Nothing was written.");
  }
}

async function confirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
