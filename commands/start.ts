import type { Command, Option } from "commander";
import { stop } from "./stop";

/** Runs a command as its command line says. */
export function start(program: Command): void {
  const mistake = swallowedOptions(program, process.argv.slice(2), process.env);
  if (mistake !== undefined) stop(mistake);
  program.parseAsync().catch(stop);
}

/**
 * npm takes options that come before `--` for its own: the script does not get them, only variables such as
 * `npm_config_smoke` do. Source: npm documentation, "npm-run-script" and "config".
 * @returns a sentence with the command line that works; undefined when npm kept no option of this command
 */
export function swallowedOptions(
  program: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const given = args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []);
  const swallowed = optionsOf(program, args).flatMap((option) => {
    const name = option.long?.slice(2) ?? "";
    const value = env[`npm_config_${name.replaceAll("-", "_")}`];
    return value === undefined || given.includes(name) || NPM_OPTIONS.includes(name)
      ? []
      : [{ option, value }];
  });
  if (swallowed.length === 0) return undefined;
  const rest = [...args];
  const options = swallowed.map(({ option: { long, required }, value }) => {
    if (!required) return long;
    // Of `--stack prod` npm keeps `--stack` as true, and passes `prod` on as an argument.
    return `${long} ${value === "true" ? (rest.pop() ?? "…") : value}`;
  });
  const script = env.npm_lifecycle_event ?? program.name();
  const names = swallowed.map(({ option }) => option.long).join(", ");
  return `npm took ${names} for an option of its own. Put -- in front: npm run ${[script, "--", ...rest, ...options].join(" ")}`;
}

/** An npm option of the same name that people set for good, in `.npmrc` or by CI. Without it our commands only show what they would do. */
const NPM_OPTIONS = ["yes"];

/** Options of the subcommand that the arguments name, or of the program itself. */
function optionsOf(program: Command, [first, ...rest]: readonly string[]): readonly Option[] {
  const subcommand = program.commands.find((command) => command.name() === first);
  return subcommand ? optionsOf(subcommand, rest) : program.options;
}
