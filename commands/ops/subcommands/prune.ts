import { stacksRoot } from "../../../lib/project-root";
import { clientsOf, type Register, wholeNumber } from "../context";
import { deployments, prunable, prune } from "../deployments/deployments";
import { deploymentsText } from "../deployments/text";
import { pinnedDeployments, readStackFile, requireService } from "../stack/stack-file";

export const register: Register = (program) => {
  program
    .command("prune <service>")
    .description("delete a service's old deployments, except the newest and those in use or pinned")
    .requiredOption("--stack <name>", "stack of the service")
    .option("--keep <n>", "how many of the newest to keep whatever their age", wholeNumber, 10)
    .option("--days <n>", "keep deployments younger than this", wholeNumber, 90)
    .option("--yes", "delete; without it, only show what would be deleted")
    .action(pruneService);
};

async function pruneService(
  service: string,
  { stack, keep, days, yes }: { stack: string; keep: number; days: number; yes?: boolean },
): Promise<void> {
  requireService(readStackFile(stacksRoot(), stack), service);
  const { apiGateway } = clientsOf(stack);
  const { rows, restApiId } = await deployments(apiGateway, service, stack);
  const pinned = pinnedDeployments(stacksRoot(), service);
  const old = prunable(rows, { keep, days, pinned, now: new Date() });
  if (old.length === 0) {
    console.log("No deployment is old enough to delete.");
    return;
  }
  console.log(deploymentsText(old));
  if (!yes) {
    console.log(
      `\n${old.length} of ${rows.length} would be deleted. To delete them, run this again with --yes.`,
    );
    return;
  }
  await prune(apiGateway, restApiId, old, ({ id }) => console.log(`deleted ${id}`));
}
