import { Command, InvalidArgumentError, Option } from "commander";
import { record } from "../../offline/recording";
import { start } from "../start";

interface Options {
  stack: string;
  port?: number;
  backend: Record<string, string>;
  smoke?: boolean;
  trustForwarded?: boolean;
  realIdentity?: boolean;
  allowOrigin: string[];
}

const program = new Command("local")
  .description("Serve a stack's APIs on localhost, from what the program declares and without AWS.")
  .option("--stack <name>", "stack to serve", "dev")
  .option("--port <number>", "port to listen on; 0: any free one (default: 8080)", port)
  .option("--backend <name=url>", "route a service to a local process; repeatable", backend, {})
  .option("--trust-forwarded", "use X-Forwarded-For as the source address")
  .option(
    "--allow-origin <origin>",
    "let pages of this origin call the APIs across sites, * for all; repeatable",
    (origin: string, previous: string[]) => [...previous, origin],
    [],
  )
  .addOption(
    new Option(
      "--real-identity",
      "accept tokens of the stack's real identity provider, with the secrets that your AWS credentials can read",
    ).conflicts("smoke"),
  )
  .option("--smoke", "send one request through every kind of route, print the results, exit 0 or 1")
  .action((options: Options) => (options.smoke ? runSmoke(options) : serve(options)));

start(program);

// The server is loaded after the arguments have been checked, so that a typo is reported at once.

async function runSmoke({ stack, port = 0, backend }: Options): Promise<void> {
  const recording = startRecording(stack);
  const { smoke }: typeof import("./smoke") = require("./smoke");
  const passed = await smoke({ stack, port, backends: backend, recording: await recording }, console.log);
  process.exit(passed ? 0 : 1);
}

async function serve(options: Options): Promise<void> {
  const { stack, port, backend, trustForwarded, realIdentity, allowOrigin } = options;
  const recording = startRecording(stack);
  const { serveStack }: typeof import("./serve") = require("./serve");
  const { welcome }: typeof import("./serve/welcome") = require("./serve/welcome");
  const served = await serveStack({
    stack,
    port,
    backends: backend,
    trustForwarded,
    realIdentity,
    allowedOrigins: allowOrigin,
    log: console.error,
    logRequest: console.log,
    recording: await recording,
  });
  const end = () => {
    // Long enough to delete temporary files; a hanging client is not waited for.
    setTimeout(() => process.exit(0), 300);
    void served.close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  console.log(await welcome(served, trustForwarded));
  for (const { rule, where, message } of served.findings)
    console.error(`\nerror ${rule}\n  ${where}: ${message}`);
}

/** The program runs in a separate process, so the server can be loaded meanwhile. */
function startRecording(stack: string): ReturnType<typeof record> {
  const recording = record(stack);
  // The caller awaits it later and reports the error.
  recording.catch(() => {});
  return recording;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("not a port (0–65535)");
  return number;
}

function backend(text: string, previous: Record<string, string>): Record<string, string> {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!name || !url)
    throw new InvalidArgumentError("accepted: NAME=URL, e.g. entity-api=http://localhost:5000");
  return { ...previous, [name]: url };
}
