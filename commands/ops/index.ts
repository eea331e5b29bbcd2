import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { start } from "../start";
import type { Register } from "./context";

// The Node.js versions that the SDK supports next year are a matter for package.json's engines, not for every run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const program = new Command("ops").description("Day-two operations; docs/ has a how-to for each.");

const folder = join(__dirname, "subcommands");
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
// Only the subcommand that is called is loaded: the AWS clients and the program's recording take seconds.
for (const name of names.includes(process.argv[2] ?? "") ? [process.argv[2]] : names) {
  const { register }: { register: Register } = require(join(folder, `${name}`));
  register(program);
}

start(program);
