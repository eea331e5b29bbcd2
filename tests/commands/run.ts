import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { fixtures } from "../support/fixtures";

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command `name` as its npm script does. `during` gets the output so far, and may end the process or stop reading. */
export function runScript(
  name: string,
  args: string[],
  during: (
    stdout: string,
    kill: (signal: NodeJS.Signals) => void,
    stopReading: () => void,
  ) => void = () => {},
): Promise<Outcome> {
  const script = require.resolve(join(projectRoot, "commands", name));
  const child = spawn(process.execPath, ["-r", join(projectRoot, "lib/typescript.js"), script, ...args], {
    cwd: fixtures,
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    outcome.stdout += chunk;
    during(
      outcome.stdout,
      (signal) => child.kill(signal),
      () => child.stdout.destroy(),
    );
  });
  child.stderr.on("data", (chunk: Buffer) => {
    outcome.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...outcome, code }));
  });
}
