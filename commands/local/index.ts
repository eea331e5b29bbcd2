import "../../lib/typescript.js";
import { Command, InvalidArgumentError } from "commander";
import { record } from "../../offline/recording";
import { stop } from "../stop";

interface Options {
  stack: string;
  port?: number;
  backend: Record<string, string>;
  smoke?: boolean;
  trustForwarded?: boolean;
}

const program = new Command("local")
  .description("Serve a stack's APIs on localhost from what the program declares, without AWS.")
  .option("--stack <name>", "stack to serve", "dev")
  .option("--port <number>", "port to listen on; 0: any free one (default: 8080)", port)
  .option("--backend <name=url>", "send a service to a process of your own; repeatable", backend, {})
  .option("--trust-forwarded", "let X-Forwarded-For decide where a caller comes from")
  .option("--smoke", "make one request through every kind of route, print them, exit 0 or 1")
  .action((options: Options) => (options.smoke ? runSmoke(options) : serve(options)));

program.parseAsync().catch(stop);

// What serves is loaded once the arguments are known to be good: a typo is answered at once.

async function runSmoke({ stack, port = 0, backend }: Options): Promise<void> {
  const recording = begin(stack);
  const { smoke }: typeof import("./smoke") = require("./smoke");
  const passed = await smoke({ stack, port, backends: backend, recording: await recording }, console.log);
  process.exit(passed ? 0 : 1);
}

async function serve({ stack, port, backend, trustForwarded }: Options): Promise<void> {
  const recording = begin(stack);
  const { serveStack }: typeof import("./serve") = require("./serve");
  const { welcome }: typeof import("./serve/welcome") = require("./serve/welcome");
  const served = await serveStack({
    stack,
    port,
    backends: backend,
    trustForwarded,
    log: console.error,
    recording: await recording,
  });
  const end = () => {
    // Temporary files are worth a moment, a hanging client is not.
    setTimeout(() => process.exit(0), 300);
    void served.close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  console.log(await welcome(served, trustForwarded));
  for (const { rule, where, message } of served.findings)
    console.error(`\nerror ${rule}\n  ${where}: ${message}`);
}

/** The program runs in a process of its own: what serves it can be loaded meanwhile. */
function begin(stack: string): ReturnType<typeof record> {
  const recording = record(stack);
  // Reported by whoever awaits it.
  recording.catch(() => {});
  return recording;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("It is no port (0 to 65535).");
  return number;
}

function backend(text: string, others: Record<string, string>): Record<string, string> {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!name || !url) throw new InvalidArgumentError("Give NAME=URL, e.g. entity-api=http://localhost:5000.");
  return { ...others, [name]: url };
}
