import { Command, InvalidArgumentError, Option } from "commander";
import { stacksRoot } from "../../lib/project-root";
import { start } from "../start";
import { IDENTITIES, type NewOwner } from "./files";
import { replaceExample } from "./replace";

type Options = NewOwner & { force: boolean };

const FIRST_PORT = 8080;

const program = new Command("init")
  .description("Replace the example's stack files and specs by your own, to be filled in.")
  .requiredOption("--domain <zone>", "your public Route 53 zone, e.g. example.com")
  .addOption(
    new Option(
      "--identity <provider>",
      "who issues your callers' tokens: Globus Auth, or any OpenID Connect provider",
    )
      .choices(IDENTITIES)
      .makeOptionMandatory(),
  )
  .option("--region <region>", "AWS region", "us-east-1")
  .option("--services <names>", "your APIs, e.g. orders-api,quotes-api:9000", services, services("hello-api"))
  .option("--force", "also remove files that have been changed", false)
  .action((options: Options) => {
    const { written, removed } = replaceExample(stacksRoot(), options, options.force);
    console.log(`wrote    ${written.join(", ")}`);
    if (removed.length > 0) console.log(`removed  ${removed.join(", ")}`);
    console.log(nextSteps(options));
  });

start(program);

function services(text: string): NewOwner["services"] {
  return text.split(",").map((part, index) => {
    const [, name, port] = /^\s*([a-z][a-z0-9-]*)(?::(\d+))?\s*$/.exec(part) ?? [];
    if (name === undefined) {
      throw new InvalidArgumentError(`"${part}" is not NAME or NAME:PORT, e.g. orders-api:8080.`);
    }
    return { name, port: port === undefined ? FIRST_PORT + index : Number(port) };
  });
}

function nextSteps({ services }: NewOwner): string {
  return `
The stages can be planned and served as they are:

  npm run local                     ${services.map(({ name }) => name).join(", ")} on localhost
  npm run plan -- --stack dev       what dev consists of

Before \`pulumi up\`:

  1. In Pulumi.dev.yaml, replace the values marked "replace"; then those of the other stages.
  2. Replace specs/ by your services' OpenAPI documents (docs/add-an-api.md).
  3. Commit. docs/upgrading.md says how to get a newer version of this program later.`;
}
