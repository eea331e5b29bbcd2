import { stacksRoot } from "../../../lib/project-root";
import { clientsOf, type Register } from "../context";
import { deployments } from "../deployments/deployments";
import { deploymentsText } from "../deployments/text";
import { readStackFile, requireService } from "../stack/stack-file";

export const register: Register = (program) => {
  program
    .command("deployments <service>")
    .description(
      "a service's deployments in AWS, newest first, with their source and the stages that use them",
    )
    .requiredOption("--stack <name>", "stack of the service")
    .option("--json", "print JSON")
    .action(async (service: string, { stack, json }: { stack: string; json?: boolean }) => {
      requireService(readStackFile(stacksRoot(), stack), service);
      const { rows } = await deployments(clientsOf(stack).apiGateway, service, stack);
      console.log(json ? JSON.stringify(rows, null, 2) : deploymentsText(rows));
    });
};
