import * as pulumi from "@pulumi/pulumi";
import { gateway } from "./stacks";
import { SettingsError } from "./stacks/settings";

/** The Pulumi program. What the settings or the specs have wrong is a message, never a stack trace. */
function program() {
  try {
    return gateway();
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

export = program();
