import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { currentCommit } from "../../../stacks/commit";
import { bucketOption, clientsOf, type Register, requireBucket } from "../context";
import { storeRelease } from "../releases/releases";
import { readStackFile, serviceNames } from "../stack/stack-file";

export const register: Register = (program) => {
  program
    .command("release")
    .description("store the export of every API whose stage serves a new deployment")
    .requiredOption("--stack <name>", "stack whose APIs to store")
    .addOption(bucketOption())
    .option("--commit <sha>", "commit of this update, for deployments that do not record their own")
    .action(async (options: { stack: string; bucket?: string; commit?: string }) => {
      const { stack, commit } = options;
      const bucket = requireBucket(options);
      const clients = clientsOf(stack);
      const release = { stack, bucket, commit: commit ?? currentCommit(stacksRoot()), now: new Date() };
      const failed: string[] = [];
      for (const service of serviceNames(readStackFile(stacksRoot(), stack))) {
        try {
          const { key, stored } = await storeRelease(clients, { service, ...release });
          console.log(stored ? `stored ${key}` : `unchanged since ${key}`);
        } catch (error) {
          // An API that does not exist yet must not keep the others from being stored.
          if (!(error instanceof UserError)) throw error;
          failed.push(error.message);
        }
      }
      if (failed.length > 0) throw new UserError(failed.join("\n"));
    });
};
