import { readFileSync } from "node:fs";
import { stacksRoot } from "../../../lib/project-root";
import { adoptGateway, writeFiles } from "../adopt/adopt";
import { withAutomaticNames } from "../adopt/state";
import type { Register } from "./context";

interface InventoryOptions {
  stack: string;
  vpcLink: string;
  domain: string;
  region: string;
  out: string;
}

export const register: Register = (program) => {
  program
    .command("inventory")
    .description(
      "describe the gateway behind a VPC link, for adopt: gateway.json and the exports, by calls that only read",
    )
    .requiredOption("--stack <name>", "stack that will own it")
    .requiredOption("--vpc-link <id>", "the link that its APIs use")
    .requiredOption("--domain <zone>", "Route 53 zone in which its domain names end")
    .requiredOption("--region <name>", "AWS region")
    .requiredOption("--out <folder>", "where the files go; nothing is written over")
    .action(async ({ stack, vpcLink, domain, region, out }: InventoryOptions) => {
      const { awsClients }: typeof import("../aws/clients") = require("../aws/clients");
      const { existingGateway }: typeof import("../adopt/existing") = require("../adopt/existing");
      const query = { stack, region, domain, vpcLinkId: vpcLink };
      const { inventory, exports, notes } = await existingGateway(awsClients(region), query);
      writeFiles(out, { ...exports, "gateway.json": `${JSON.stringify(inventory, null, 2)}\n` });
      for (const name of [...Object.keys(exports), "gateway.json"]) console.log(`wrote ${out}/${name}`);
      if (notes.length > 0) console.log(`\n${notes.join("\n")}`);
      const missing = ["identity", "levels", ...(inventory.allow ? ["allow.contact"] : [])];
      console.log(`\nAdd ${missing.join(", ")} to gateway.json, as in the settings: AWS does not know them.`);
    });

  program
    .command("adopt <inventory>")
    .description("specs, settings and a `pulumi import` file for a gateway that stands, from exports and ids")
    .requiredOption("--out <folder>", "where they go; nothing is written over")
    .action(async (inventory: string, { out }: { out: string }) => {
      const { stack, files, differences, imported } = await adoptGateway(stacksRoot(), inventory);
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
