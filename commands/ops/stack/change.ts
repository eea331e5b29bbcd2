import { writeFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";
import { UserError } from "../../../lib/error";
import { FindingsError } from "../../../lib/finding";
import { stackFileName } from "../../../offline/recording/stack-file";
import { parseSettings } from "../../../stacks/settings";
import { blockOf, withService } from "./blocks";
import { parseStackFile, requireService, type StackFile } from "./stack-file";

/** A settings file and its new text. */
export interface StackChange {
  file: StackFile;
  text: string;
}

/** A unified diff of the change; empty when the text stays the same. */
export function showChange({ file, text }: StackChange): string {
  if (text === file.text) return "";
  const name = stackFileName(file.stack);
  return createTwoFilesPatch(name, name, file.text, text, "", "", { context: 3 })
    .split("\n")
    .slice(1)
    .join("\n");
}

/** Writes a change. @throws UserError with every problem when the program would refuse the result */
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
    if (error instanceof FindingsError) throw new UserError(`${name} would be invalid:\n${error.message}`);
    throw error;
  }
}

/** Pins a service to a deployment; without one, removes the pin so that the service serves its own definition. */
export function pinDeployment(file: StackFile, service: string, deployment: string | undefined): StackChange {
  const block = blockOf(file, requireService(file, service));
  const keys = new Map(block.keys);
  if (deployment === undefined) keys.delete("deployment");
  else keys.set("deployment", [`deployment: ${JSON.stringify(deployment)}`]);
  return { file, text: withService(file, block, keys) };
}
