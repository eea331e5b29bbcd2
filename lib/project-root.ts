import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The folder of this repository: the program, its dependencies and `dist/`. */
export const projectRoot = resolve(__dirname, "..");

/**
 * The folder of the Pulumi project that a command works on, with Pulumi.yaml, the stack files and the specs: where the
 * command runs, as for `pulumi`, or else this repository. npm runs its scripts in this repository.
 */
export function stacksRoot(): string {
  return existsSync("Pulumi.yaml") ? process.cwd() : projectRoot;
}
