import { writeFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";
import { UserError } from "../../../lib/error";
import { parseSettings } from "../../../stacks/settings";
import { SettingsError } from "../../../stacks/settings/problems";
import { blockOf, withService } from "./blocks";
import { parseStackFile, requireService, type StackFile, stackFileName } from "./stack-file";

/** A settings file and what it is to become. */
export interface StackChange {
  file: StackFile;
  text: string;
}

/** What a change does to the file, line by line; empty when it does nothing. */
export function showChange({ file, text }: StackChange): string {
  if (text === file.text) return "";
  const name = stackFileName(file.stack);
  return createTwoFilesPatch(name, name, file.text, text, "", "", { context: 3 })
    .split("\n")
    .slice(1)
    .join("\n");
}

/** Writes a change, unless the program would refuse the result. @throws UserError with every problem */
export function writeChange(change: StackChange): void {
  validate(change);
  writeFileSync(change.file.path, change.text);
}

export function validate({ file, text }: StackChange): void {
  const name = stackFileName(file.stack);
  const { document } = parseStackFile(file.stack, file.path, text);
  const { config = {} } = (document.toJS() ?? {}) as { config?: Record<string, unknown> };
  try {
    parseSettings(config, { stack: file.stack, file: name, text });
  } catch (error) {
    if (error instanceof SettingsError)
      throw new UserError(`${name} would not be accepted:\n${error.message}`);
    throw error;
  }
}

/** Points a service at an earlier deployment, or, without one, back at its own definition. */
export function pinDeployment(file: StackFile, service: string, deployment: string | undefined): StackChange {
  const block = blockOf(file, requireService(file, service));
  const keys = new Map(block.keys);
  if (deployment === undefined) keys.delete("deployment");
  else keys.set("deployment", [`deployment: ${JSON.stringify(deployment)}`]);
  return { file, text: withService(file, block, keys) };
}
