import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { record } from "../../../offline/recording";
import type { Register } from "../context";
import { boundaryOf } from "../deploy-policy/boundary";
import { deployPolicy, type PolicyDocument } from "../deploy-policy/document";
import { readStackFile, regionOf } from "../stack/stack-file";

interface DeployPolicyOptions {
  stack: string;
  account: string;
  zoneId?: string;
  readOnly?: boolean;
  boundary?: boolean;
  out?: string;
}

export const register: Register = (program) => {
  program
    .command("deploy-policy")
    .description("the permissions that an IAM role needs to deploy a stack, from what its program declares")
    .requiredOption("--stack <name>", "stack")
    .requiredOption("--account <id>", "AWS account of the stack, 12 digits")
    .option("--zone-id <id>", "hosted zone with the stack's records; without it, any zone of the account")
    .option("--read-only", "only what a preview needs")
    .option("--boundary", "instead, a permissions boundary for the roles that the stack creates")
    .option("--out <folder>", "write one file per managed policy instead of printing them")
    .action(printPolicy);
};

async function printPolicy(options: DeployPolicyOptions): Promise<void> {
  const { stack, account, zoneId, readOnly, boundary, out } = options;
  if (!/^\d{12}$/.test(account)) throw new UserError(`--account: found ${account}; accepted: 12 digits`);
  const region = regionOf(readStackFile(stacksRoot(), stack));
  const { resources } = await record(stack, { root: stacksRoot() });
  if (boundary) return write([boundaryOf(resources)], `${stack}-boundary`, out);
  const { documents, uncovered } = deployPolicy(resources, { region, account, zoneId, readOnly });
  if (uncovered.length > 0) {
    throw new UserError(
      `commands/ops/deploy-policy has no grant for ${uncovered.join(", ")}. Add one to its tables.`,
    );
  }
  write(documents, `${stack}-${readOnly ? "preview" : "deploy"}`, out);
}

function write(documents: PolicyDocument[], name: string, out: string | undefined): void {
  if (out === undefined) {
    console.log(JSON.stringify(documents, null, 2));
    return;
  }
  mkdirSync(out, { recursive: true });
  documents.forEach((document, index) => {
    const file = join(out, `${name}-${index + 1}.json`);
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
    console.log(file);
  });
}
