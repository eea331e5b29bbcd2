import { stacksRoot } from "../../../lib/project-root";
import { adoptGateway, writeFiles } from "../adopt/adopt";
import type { Register } from "../context";

export const register: Register = (program) => {
  program
    .command("adopt <inventory>")
    .description("specs, settings and a `pulumi import` file for an existing gateway, from exports and ids")
    .requiredOption("--out <folder>", "folder for the files; no file is overwritten")
    .action(async (inventory: string, { out }: { out: string }) => {
      const { stack, files, differences, imported } = await adoptGateway(stacksRoot(), inventory);
      writeFiles(out, files);
      for (const name of Object.keys(files)) console.log(`wrote ${out}/${name}`);
      console.log(`\n${imported} resources can be imported into stack ${stack}.`);
      const changing = differences.filter(({ traffic }) => traffic);
      if (changing.length > 0) console.log("\nThe first update would change what callers get:");
      for (const { where, message } of changing) console.log(`  ${where}: ${message}`);
      const rest = differences.length - changing.length;
      if (rest > 0)
        console.log(`\n${rest} more to review, none of which changes anything yet: ${out}/differences.json`);
    });
};
