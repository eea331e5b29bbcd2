import { table } from "../../../lib/table";
import { bucketOption, clientsOf, type Register, requireBucket } from "../context";
import { listReleases, releaseDetails } from "../releases/releases";

export const register: Register = (program) => {
  program
    .command("releases [service]")
    .description("stored exports, newest first")
    .requiredOption("--stack <name>", "stack in whose region the archive is", "prod")
    .addOption(bucketOption())
    .action(async (service: string | undefined, options: { stack: string; bucket?: string }) => {
      const bucket = requireBucket(options);
      const { s3 } = clientsOf(options.stack);
      const rows = await Promise.all(
        (await listReleases(s3, bucket, service)).map(async (release) => {
          const { commit } = await releaseDetails(s3, bucket, release.key);
          return [
            release.date,
            release.service,
            release.deployment,
            commit?.slice(0, 10) || "-",
            release.key,
          ];
        }),
      );
      const header = ["stored", "service", "deployment", "commit", "key"];
      console.log(rows.length > 0 ? table(header, rows) : "The archive has no release.");
    });
};
