import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type Settings } from "./settings";

/** The settings of the stack that Pulumi runs. The stack's file, if it is there, gives the lines of the problems.
 * @throws FindingsError */
export function readSettings(root: string): Settings {
  const stack = pulumi.getStack();
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  return parseSettings(pulumi.runtime.allConfig(), {
    stack,
    file,
    ...(existsSync(path) ? { text: readFileSync(path, "utf8") } : {}),
  });
}
