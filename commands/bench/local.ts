import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildFunctions } from "../../functions/build";
import { projectRoot } from "../../lib/project-root";
import type { BenchRow } from "./row";

/** The local side: how long until a stage of four APIs answers, and what it holds in memory then. */
export async function run(): Promise<BenchRow[]> {
  buildFunctions(); // the start is measured from built functions on
  const starts: { firstAnswerMs: number; residentMb: number | undefined }[] = [];
  for (let round = 0; round < 3; round++) starts.push(await start());
  const node = Math.min(await bare(), await bare(), await bare());
  const best = starts.reduce((one, other) => (other.firstAnswerMs < one.firstAnswerMs ? other : one));
  const residentMb = Math.max(...starts.map((one) => one.residentMb ?? 0));
  const rows: BenchRow[] = [
    {
      name: "first answer of the dev stage after start",
      value: best.firstAnswerMs,
      unit: "ms",
      reference: "a program that only loads the Pulumi packages",
      referenceValue: node,
      ratio: best.firstAnswerMs / node,
      target: "<= 2000 ms",
      met: best.firstAnswerMs <= 2000,
    },
  ];
  if (residentMb === 0) return rows; // no /proc here
  return [
    ...rows,
    {
      name: "memory of the serving process after its first answers",
      value: residentMb,
      unit: "MB",
      reference: "the bound",
      referenceValue: 350,
      ratio: residentMb / 350,
      target: "<= 350 MB",
      met: residentMb <= 350,
    },
  ];
}

async function start(): Promise<{ firstAnswerMs: number; residentMb: number | undefined }> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      "-r",
      join(projectRoot, "lib/typescript.js"),
      join(projectRoot, "commands/local/index.ts"),
      "--port",
      "0",
    ],
    // The project's own services may be any.
    { cwd: join(projectRoot, "tests/fixtures"), stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const url = await served(child);
    await answered(`${url}/uuid-api/status`);
    const firstAnswerMs = performance.now() - began;
    // One behind an authorizer, so that its worker counts too.
    await answered(`${url}/uuid-api/uuid/1`, { authorization: "Bearer read-token" });
    return { firstAnswerMs, residentMb: residentMb(child.pid) };
  } finally {
    child.kill("SIGKILL");
  }
}

function served(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk;
      const url = /on (http:\/\/localhost:\d+)/.exec(output)?.[1];
      if (url) resolve(url.replace("localhost", "127.0.0.1"));
    });
    child.on("exit", (code) => reject(new Error(`local ended with ${code}: ${output}`)));
  });
}

async function answered(url: string, headers: Record<string, string> = {}): Promise<void> {
  const { status } = await fetch(url, { headers });
  if (status !== 200) throw new Error(`${url} answered ${status}`);
}

/** Milliseconds to load what every Pulumi program loads. */
function bare(): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ["-e", 'require("@pulumi/aws").apigateway.RestApi'], {
    cwd: projectRoot,
  });
  return new Promise((resolve) => child.on("exit", () => resolve(performance.now() - began)));
}

function residentMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
