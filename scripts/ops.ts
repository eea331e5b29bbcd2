import { Command } from "commander";
import { registerCi } from "../ops/commands/ci";
import { registerStackReports } from "../ops/commands/deploy-policy";
import { registerDeployments } from "../ops/commands/deployments";
import { registerPromote } from "../ops/commands/promote";
import { registerReleases } from "../ops/commands/releases";
import { explain } from "../ops/error";

const program = new Command("ops").description(
  "Operating a gateway that stands: docs/ has a how-to for each.",
);

for (const register of [
  registerDeployments,
  registerReleases,
  registerPromote,
  registerStackReports,
  registerCi,
]) {
  register(program);
}

program.parseAsync().catch((error: unknown) => {
  console.error(process.env.DEBUG && error instanceof Error ? error.stack : explain(error));
  process.exitCode = 1;
});
