import { Command } from "commander";
import { explain } from "./error";

const program = new Command("ops").description(
  "Operating a gateway that stands: docs/ has a how-to for each.",
);

/** A group is loaded when it is asked for: the AWS clients and the program's recording take seconds. */
const groups: Record<string, string[]> = {
  deployments: ["deployments", "prune"],
  releases: ["release", "releases", "restore"],
  promote: ["promote"],
  reports: ["deploy-policy", "cost"],
  adopt: ["inventory", "adopt", "adopt-state"],
  ci: ["ci"],
};

// What this prints is for the operator; which Node.js the SDK will need next year is for package.json's engines.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const wanted = process.argv[2] ?? "";
const own = Object.keys(groups).filter((group) => groups[group]?.includes(wanted));
for (const group of own.length > 0 ? own : Object.keys(groups)) {
  const { register }: typeof import("./subcommands/ci") = require(`./subcommands/${group}`);
  register(program);
}

program.parseAsync().catch((error: unknown) => {
  console.error(process.env.DEBUG && error instanceof Error ? error.stack : explain(error));
  process.exitCode = 1;
});
