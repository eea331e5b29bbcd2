import { writeFiles } from "../adopt/adopt";
import { existingGateway } from "../adopt/existing";
import { awsClients } from "../aws/clients";
import type { Register } from "../context";

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
      "describe the gateway behind a VPC link for adopt: gateway.json and the exports, with read-only calls",
    )
    .requiredOption("--stack <name>", "stack that will own it")
    .requiredOption("--vpc-link <id>", "VPC link that its APIs use")
    .requiredOption("--domain <zone>", "Route 53 zone in which its domain names end")
    .requiredOption("--region <name>", "AWS region")
    .requiredOption("--out <folder>", "folder for the files; no file is overwritten")
    .action(writeInventory);
};

async function writeInventory({ stack, vpcLink, domain, region, out }: InventoryOptions): Promise<void> {
  const query = { stack, region, domain, vpcLinkId: vpcLink };
  const { inventory, exports, notes } = await existingGateway(awsClients(region), query);
  writeFiles(out, { ...exports, "gateway.json": `${JSON.stringify(inventory, null, 2)}\n` });
  for (const name of [...Object.keys(exports), "gateway.json"]) console.log(`wrote ${out}/${name}`);
  if (notes.length > 0) console.log(`\n${notes.join("\n")}`);
  const missing = ["identity", "levels", ...(inventory.allow ? ["allow.contact"] : [])];
  console.log(`\nAdd ${missing.join(", ")} to gateway.json, as in the settings: AWS does not have them.`);
}
