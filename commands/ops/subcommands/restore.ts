import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { bucketOption, clientsOf, type Register, requireBucket } from "../context";
import { deployments } from "../deployments/deployments";
import { readKey, readRelease } from "../releases/releases";
import { restored } from "../releases/restore";
import { pinDeployment, showChange, writeChange } from "../stack/change";
import { readStackFile } from "../stack/stack-file";

interface RestoreOptions {
  stack: string;
  bucket?: string;
  out: string;
  pin?: boolean;
  yes?: boolean;
}

export const register: Register = (program) => {
  program
    .command("restore <key>")
    .description("restore a stored export: as a spec with settings, or by pinning its deployment")
    .requiredOption("--stack <name>", "stack to restore in", "prod")
    .addOption(bucketOption())
    .option("--out <folder>", "folder for the spec, its settings and the report", "restored")
    .option("--pin", "serve the same deployment again, while AWS still has it")
    .option("--yes", "with --pin: write the settings; without it, only show the change")
    .action(restore);
};

async function restore(key: string, options: RestoreOptions): Promise<void> {
  const release = readKey(key);
  if (!release) throw new UserError(`${key} is not the key of a release: SERVICE/DATE/DEPLOYMENT.json`);
  const bucket = requireBucket(options);
  if (options.pin) return pin(release.service, release.deployment, options);
  const text = await readRelease(clientsOf(options.stack).s3, bucket, key);
  const folder = join(options.out, release.service);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(restored(text, key)))
    writeFileSync(join(folder, name), content);
  console.log(
    `Wrote ${folder}: spec.yaml, settings.yaml, report.json and the export itself.\n` +
      `Set ${release.service}'s spec to spec.yaml, copy settings.yaml into its block, and check the plan.`,
  );
}

async function pin(service: string, deployment: string, { stack, yes }: RestoreOptions): Promise<void> {
  const { rows } = await deployments(clientsOf(stack).apiGateway, service, stack);
  if (!rows.some(({ id }) => id === deployment)) {
    throw new UserError(
      `AWS no longer has deployment ${deployment} of ${service}. Omit --pin to restore it as a spec.`,
    );
  }
  const change = pinDeployment(readStackFile(stacksRoot(), stack), service, deployment);
  console.log(showChange(change) || `${service} is already pinned to ${deployment}.`);
  if (yes) writeChange(change);
  else console.log("To write this, run it again with --yes; then deploy the stack.");
}
