import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { table } from "../../../lib/table";
import { currentCommit } from "../../../stacks/commit";
import { deployments } from "../deployments/deployments";
import { listReleases, readKey, readRelease, releaseDetails, storeRelease } from "../releases/releases";
import { restored } from "../releases/restore";
import { pinDeployment, showChange, writeChange } from "../stack/change";
import { readStackFile, serviceNames } from "../stack/stack-file";
import { clientsOf, type Register } from "./context";

const bucketOption = () =>
  new Option("--bucket <name>", "the archive: `pulumi stack output releaseArchive`")
    .env("GATEWAY_RELEASE_BUCKET")
    .makeOptionMandatory();

export const register: Register = (program) => {
  program
    .command("release")
    .description("store the export of every API that a stack serves in a new deployment")
    .requiredOption("--stack <name>", "stack whose APIs to store")
    .addOption(bucketOption())
    .option("--commit <sha>", "commit of this update, for deployments that do not name their own")
    .action(async ({ stack, bucket, commit }: { stack: string; bucket: string; commit?: string }) => {
      const clients = clientsOf(stack);
      const now = new Date();
      const failed: string[] = [];
      for (const service of serviceNames(readStackFile(stacksRoot(), stack))) {
        try {
          const args = { service, stack, bucket, commit: commit ?? currentCommit(stacksRoot()), now };
          const { key, stored } = await storeRelease(clients, args);
          console.log(stored ? `stored ${key}` : `unchanged since ${key}`);
        } catch (error) {
          // One API that is not there yet must not keep the others from being stored.
          if (!(error instanceof UserError)) throw error;
          failed.push(error.message);
        }
      }
      if (failed.length > 0) throw new UserError(failed.join("\n"));
    });

  program
    .command("releases [service]")
    .description("stored exports, newest first")
    .requiredOption("--stack <name>", "stack whose region holds the archive", "prod")
    .addOption(bucketOption())
    .action(async (service: string | undefined, { stack, bucket }: { stack: string; bucket: string }) => {
      const { s3 } = clientsOf(stack);
      const found = await listReleases(s3, bucket, service);
      const details = await Promise.all(found.map(({ key }) => releaseDetails(s3, bucket, key)));
      const rows = found.map(({ key, date, deployment }, index) => [
        date,
        key.split("/")[0] ?? "",
        deployment,
        details[index]?.commit?.slice(0, 10) || "-",
        key,
      ]);
      console.log(
        rows.length > 0
          ? table(["stored", "service", "deployment", "commit", "key"], rows)
          : "Nothing is stored.",
      );
    });

  program
    .command("restore <key>")
    .description("bring a stored export back: as a spec with settings, or by pinning its deployment")
    .requiredOption("--stack <name>", "stack to restore in", "prod")
    .addOption(bucketOption())
    .option("--out <folder>", "where the spec, its settings and the report go", "restored")
    .option("--pin", "serve the very deployment again, as long as AWS still has it")
    .option("--yes", "with --pin: write the settings; without it only show the change")
    .action(async (key: string, options: RestoreOptions) => {
      const release = readKey(key);
      if (!release) throw new UserError(`${key} is not the key of a release: SERVICE/DATE/DEPLOYMENT.json`);
      const clients = clientsOf(options.stack);
      if (options.pin) return pin(release.service, release.deployment, options);
      const text = await readRelease(clients.s3, options.bucket, key);
      const folder = join(options.out, release.service);
      mkdirSync(folder, { recursive: true });
      for (const [name, content] of Object.entries(restored(text, key)))
        writeFileSync(join(folder, name), content);
      console.log(
        `Wrote ${folder}: spec.yaml, settings.yaml, report.json and the export itself.\n` +
          `Point ${release.service}'s spec at spec.yaml, lay settings.yaml into its block, and look at the plan.`,
      );
    });
};

interface RestoreOptions {
  stack: string;
  bucket: string;
  out: string;
  pin?: boolean;
  yes?: boolean;
}

async function pin(service: string, deployment: string, { stack, yes }: RestoreOptions): Promise<void> {
  const { rows } = await deployments(clientsOf(stack).apiGateway, service, stack);
  if (!rows.some(({ id }) => id === deployment)) {
    throw new UserError(
      `AWS no longer has deployment ${deployment} of ${service}; restore it as a spec: leave --pin away.`,
    );
  }
  const change = pinDeployment(readStackFile(stacksRoot(), stack), service, deployment);
  console.log(showChange(change) || `${service} is pinned to ${deployment} already.`);
  if (yes) writeChange(change);
  else console.log("Run it again with --yes to write this, then bring the stack up.");
}
