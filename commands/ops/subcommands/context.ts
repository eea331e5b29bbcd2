import type { Command } from "commander";
import { UserError } from "../../../lib/error";
import { stacksRoot } from "../../../lib/project-root";
import { awsClients } from "../aws/clients";
import { readStackFile, regionOf } from "../stack/stack-file";

/** Adds a group of commands to the program. */
export type Register = (program: Command) => void;

/** AWS in the region of a stack. */
export function clientsOf(stack: string) {
  return awsClients(regionOf(readStackFile(stacksRoot(), stack)));
}

/** A count or a number of days from the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UserError(`${text} is not a whole number.`);
  return Number(text);
}
