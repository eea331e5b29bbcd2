import { readFileSync } from "node:fs";
import { adoptGateway, writeFiles } from "../adopt/adopt";
import { withAutomaticNames } from "../adopt/state";
import { type Register, root } from "./context";

export const register: Register = (program) => {
  program
    .command("adopt <inventory>")
    .description("specs, settings and a `pulumi import` file for a gateway that stands, from exports and ids")
    .requiredOption("--out <folder>", "where they go; nothing is written over")
    .action(async (inventory: string, { out }: { out: string }) => {
      const { stack, files, differences, imported } = await adoptGateway(root, inventory);
      writeFiles(out, files);
      for (const name of Object.keys(files)) console.log(`wrote ${out}/${name}`);
      console.log(`\n${imported} resources can be imported into stack ${stack}.`);
      const moving = differences.filter(({ traffic }) => traffic);
      if (moving.length > 0) console.log("\nThe first update would change what callers get:");
      for (const { where, message } of moving) console.log(`  ${where}: ${message}`);
      const rest = differences.length - moving.length;
      if (rest > 0)
        console.log(`\n${rest} more to look at, none of which changes anything yet: ${out}/differences.json`);
    });

  program
    .command("adopt-state")
    .description(
      "mark the names of imported resources as Pulumi's own: pulumi stack export | … | pulumi stack import",
    )
    .action(() => {
      const { state, marked } = withAutomaticNames(readFileSync(0, "utf8"));
      process.stdout.write(state);
      console.error(`marked ${marked.length} names`);
    });
};
