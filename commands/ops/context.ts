import { type Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../lib/error";
import { stacksRoot } from "../../lib/project-root";
import { awsClients } from "./aws/clients";
import { readStackFile, regionOf } from "./stack/stack-file";

/** Adds one subcommand to the program. Each file of subcommands/ exports one; the file has the subcommand's name. */
export type Register = (program: Command) => void;

/** AWS in the region of a stack. */
export function clientsOf(stack: string) {
  return awsClients(regionOf(readStackFile(stacksRoot(), stack)));
}

/** A count or a number of days from the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("not a whole number");
  return Number(text);
}

export const bucketOption = () =>
  new Option("--bucket <name>", "the release archive: `pulumi stack output releaseArchive`").env(
    "GATEWAY_RELEASE_BUCKET",
  );

/** @throws UserError when neither the option nor its variable names the bucket */
export function requireBucket({ stack, bucket }: { stack: string; bucket?: string }): string {
  if (bucket) return bucket;
  throw new UserError(
    `Name the release archive with --bucket or GATEWAY_RELEASE_BUCKET: pulumi stack output releaseArchive --stack ${stack}`,
  );
}
