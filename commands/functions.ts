import * as fs from "node:fs";
import * as path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { buildFunctions } from "../functions/build";
import { record } from "../offline/recording";
import { startIdentityProvider } from "./local/identity/server";
import { LambdaError, loadFunction } from "./local/lambda";
import { credentialsFor } from "./local/lambda/credentials";
import { readEvent } from "./local/lambda/events";
import { recordedEnvironments, recordedFunction } from "./local/lambda/recorded";
import { start } from "./start";

const program = new Command("functions").description("Build the Lambda functions, and run them without AWS.");

program
  .command("build")
  .description("build every function and the shared layer into dist/functions")
  .action(() => {
    for (const { name, archive, sha256 } of Object.values(buildFunctions())) {
      console.log(`${name.padEnd(16)} ${sha256.slice(0, 12)}  ${path.relative(process.cwd(), archive)}`);
    }
  });

program
  .command("sizes")
  .description("sizes of the zip files to upload")
  .option("--json", "print [{name, bytes}] and nothing else")
  .action(({ json }: { json?: boolean }) => {
    const sizes = Object.values(buildFunctions()).map(({ name, archive }) => ({
      name,
      bytes: fs.statSync(archive).size,
    }));
    if (json) console.log(JSON.stringify(sizes));
    else
      for (const { name, bytes } of sizes)
        console.log(`${name.padEnd(16)} ${(bytes / 1000).toFixed(1).padStart(6)} kB`);
  });

interface InvokeOptions {
  stack: string;
  env: Record<string, string>;
  real?: boolean;
}

program
  .command("invoke")
  .description("run a function as a stack declares it; its log goes to standard error")
  .argument(
    "<name>",
    "a function that the stack declares (an access level: its authorizer), or a bundle configured with --env",
  )
  .argument("<event>", "JSON, a file with JSON, - for standard input; a token (authorizers); or 'GET /path'")
  .option("--stack <name>", "stack that declares it", "dev")
  .option("--env <name=value>", "set a variable; repeatable", variable, {})
  .option("--real", "call the real identity provider, with the secret that your AWS credentials can read")
  .addHelpText(
    "after",
    "\nWithout --real, a local identity provider knows a token per access level: read-token, create-token, expired-token, ...\nExits with 1 when the function fails.",
  )
  .action(invoke);

start(program);

async function invoke(name: string, eventText: string, { stack, env, real }: InvokeOptions): Promise<void> {
  const recording = await record(stack);
  const options = recordedFunction(recording, name, buildFunctions());
  const event = readEvent(eventText, "ACCESS_LEVEL" in { ...options.environment, ...env });
  const identityProvider = real ? undefined : await startIdentityProvider(recordedEnvironments(recording));
  const environment = { ...(identityProvider?.redirect(options.environment) ?? options.environment), ...env };
  const loaded = await loadFunction({
    ...options,
    environment,
    ...(real ? { credentials: credentialsFor(options.environment) } : {}),
    onLog: (text) => process.stderr.write(text),
  });
  try {
    console.log(JSON.stringify(await loaded.invoke(await signed(event)), null, 2));
  } catch (error) {
    if (!(error instanceof LambdaError)) throw error;
    const { errorType, errorMessage } = error;
    console.log(JSON.stringify({ errorType, errorMessage }, null, 2));
    process.exitCode = 1;
  } finally {
    identityProvider?.close();
    await loaded.close();
  }

  /** The event with the test user's token in place of its name: for a stack that verifies JWTs, a signed one. */
  async function signed(event: unknown): Promise<unknown> {
    const { authorizationToken: header } = (event ?? {}) as { authorizationToken?: unknown };
    if (identityProvider === undefined || typeof header !== "string" || !/^bearer /i.test(header))
      return event;
    return {
      ...(event as object),
      authorizationToken: `Bearer ${await identityProvider.bearer(header.slice(7).trim())}`,
    };
  }
}

function variable(text: string, previous: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("accepted: NAME=VALUE");
  return { ...previous, [name]: value };
}
