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
    // Not part of the SDK's types.
    secretKeys: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]"),
    ...(existsSync(path) ? { text: readFileSync(path, "utf8") } : {}),
  });
}
