import { readFileSync } from "node:fs";
import { withAutomaticNames } from "../adopt/state";
import type { Register } from "../context";

export const register: Register = (program) => {
  program
    .command("adopt-state")
    .description(
      "mark the names of imported resources as auto-named: pulumi stack export | … | pulumi stack import",
    )
    .action(() => {
      const { state, marked } = withAutomaticNames(readFileSync(0, "utf8"));
      process.stdout.write(state);
      console.error(`marked ${marked.length} names`);
    });
};
