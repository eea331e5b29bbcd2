import * as pulumi from "@pulumi/pulumi";
import { FindingsError } from "./lib/finding";
import { gateway } from "./stacks";
import { problemText } from "./stacks/report";

/** The Pulumi program. Errors in settings and specs are messages, never stack traces. */
function program() {
  try {
    return gateway();
  } catch (error) {
    if (error instanceof FindingsError) throw new pulumi.RunError(problemText(error.findings));
    throw error;
  }
}

export = program();
