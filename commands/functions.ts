import * as fs from "node:fs";
import * as path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { buildFunctions } from "../functions/build";
import { record } from "../offline/recording";
import { startIdentityProvider } from "./local/identity/server";
import { LambdaError, type LoadOptions, loadFunction } from "./local/lambda";
import { readEvent } from "./local/lambda/events";
import { recordedFunction, recordedLevels } from "./local/lambda/recorded";
import { stop } from "./stop";

const program = new Command("functions").description(
  "The Lambda functions: their zips, and trying them without AWS.",
);

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
  .description("how many bytes are uploaded, zipped")
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
  .description("run a function as a stack declares it, with the event; its log goes to standard error")
  .argument(
    "<name>",
    "a function the stack declares (an access level: its authorizer), or a bundle to set up by --env",
  )
  .argument(
    "<event>",
    "JSON, a file with JSON, - for standard input; or a token (authorizers), or 'GET /path'",
  )
  .option("--stack <name>", "stack that declares it", "dev")
  .option("--env <name=value>", "set a variable; repeatable", variable, {})
  .option("--real", "ask the real identity provider, with the secret your AWS credentials can read")
  .addHelpText(
    "after",
    "\nWithout --real a stand-in knows a token per access level: read-token, create-token, expired-token, ...\nExits with 1 when the function fails.",
  )
  .action(invoke);

program.parseAsync().catch(stop);

async function invoke(name: string, eventText: string, { stack, env, real }: InvokeOptions): Promise<void> {
  const recording = await record(stack);
  const options = recordedFunction(recording, name, buildFunctions());
  const event = readEvent(eventText, "ACCESS_LEVEL" in { ...options.environment, ...env });
  const identity = real ? undefined : await startIdentityProvider(recordedLevels(recording));
  const environment = { ...(identity?.redirect(options.environment) ?? options.environment), ...env };
  const loaded = await loadFunction({
    ...options,
    environment,
    ...(real ? { credentials: ownCredentials(options) } : {}),
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
    identity?.close();
    await loaded.close();
  }

  /** A stand-in's token by name becomes the token itself: for a stack that verifies JWTs, a signed one. */
  async function signed(event: unknown): Promise<unknown> {
    const { authorizationToken: header } = (event ?? {}) as { authorizationToken?: unknown };
    if (identity === undefined || typeof header !== "string" || !/^bearer /i.test(header)) return event;
    return {
      ...(event as object),
      authorizationToken: `Bearer ${await identity.bearer(header.slice(7).trim())}`,
    };
  }
}

function ownCredentials({ environment }: LoadOptions): Record<string, string> {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  const found = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  if (found.length === 0 && environment.SECRET_ARN !== undefined) {
    throw new Error(
      `--real reads ${environment.SECRET_ARN} with AWS credentials from the environment, and there are none.\n` +
        'The AWS CLI gives them: eval "$(aws configure export-credentials --format env)"',
    );
  }
  return Object.fromEntries(found);
}

function variable(text: string, others: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Give NAME=VALUE.");
  return { ...others, [name]: value };
}
