import { stacksRoot } from "../../../lib/project-root";
import { deployments, prunable, prune } from "../deployments/deployments";
import { deploymentsText } from "../deployments/text";
import { pinnedDeployments, readStackFile, requireService } from "../stack/stack-file";
import { clientsOf, type Register, wholeNumber } from "./context";

export const register: Register = (program) => {
  program
    .command("deployments <service>")
    .description(
      "a service's deployments in AWS, newest first, with what each was made from and what uses it",
    )
    .requiredOption("--stack <name>", "stack to look at")
    .option("--json", "as JSON")
    .action(async (service: string, { stack, json }: { stack: string; json?: boolean }) => {
      requireService(readStackFile(stacksRoot(), stack), service);
      const { rows } = await deployments(clientsOf(stack).apiGateway, service, stack);
      console.log(json ? JSON.stringify(rows, null, 2) : deploymentsText(rows));
    });

  program
    .command("prune <service>")
    .description("delete a service's old deployments; never one in use, pinned, or the newest")
    .requiredOption("--stack <name>", "stack to prune")
    .option("--keep <n>", "newest to keep whatever their age", wholeNumber, 10)
    .option("--days <n>", "keep what is younger", wholeNumber, 90)
    .option("--yes", "delete; without it only show what would go")
    .action(
      async (service: string, options: { stack: string; keep: number; days: number; yes?: boolean }) => {
        const { stack, keep, days, yes } = options;
        requireService(readStackFile(stacksRoot(), stack), service);
        const { apiGateway } = clientsOf(stack);
        const { rows, restApiId } = await deployments(apiGateway, service, stack);
        const old = prunable(rows, {
          keep,
          days,
          pinned: pinnedDeployments(stacksRoot(), service),
          now: new Date(),
        });
        console.log(old.length > 0 ? deploymentsText(old) : "Nothing is old enough to go.");
        if (old.length === 0) return;
        if (!yes) {
          console.log(`\n${old.length} of ${rows.length} would be deleted; run it again with --yes.`);
          return;
        }
        await prune(apiGateway, restApiId, old, ({ id }) => console.log(`deleted ${id}`));
      },
    );
};
