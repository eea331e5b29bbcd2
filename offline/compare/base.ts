import { execFile, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../lib/error";
import { projectRoot } from "../../lib/project-root";
import type { PlanJson } from "./plan-json";

const run = promisify(execFile);

export interface BaseFiles {
  sha: string;
  /** The commit's files, until `close`. */
  folder: string;
  close(): void;
}

export interface BasePlan {
  plan?: PlanJson;
  why?: string;
  /** The base commit does not have this stack: everything is new. */
  absent?: boolean;
}

/** Extracts a commit's files to a temporary folder with this project's packages. @throws UserError for an unknown commit */
export async function checkOut(root: string, ref: string): Promise<BaseFiles> {
  const sha = await resolveCommit(root, ref);
  const folder = mkdtempSync(join(tmpdir(), "gateway-base-"));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    await extract(root, sha, folder);
    resolveMain(root, folder);
    // Its lock file may need other versions; a plan that fails for that reason says so.
    if (!existsSync(join(folder, "node_modules")))
      symlinkSync(realpathSync(join(projectRoot, "node_modules")), join(folder, "node_modules"));
    return { sha, folder: realpathSync(folder), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A project of stack files and specs only names its program in `main`, relative to where it is. */
function resolveMain(root: string, folder: string): void {
  const file = join(folder, "Pulumi.yaml");
  if (existsSync(join(folder, "package.json")) || !existsSync(file)) return;
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(/^main: *(\S+).*$/m, (_, main: string) => `main: ${resolve(root, main)}`),
  );
}

async function resolveCommit(root: string, ref: string): Promise<string> {
  try {
    const { stdout } = await run("git", ["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`], {
      cwd: root,
    });
    return stdout.trim();
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new UserError("git is not on the PATH; comparing with a commit needs it.");
    if (stderr.includes("not a git repository"))
      throw new UserError(`${root} is not in a git repository, so there is no commit to compare with.`);
    throw new UserError(`There is no commit ${ref} here. In a workflow, check out with fetch-depth: 0.`);
  }
}

function extract(root: string, sha: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  return new Promise((done, reject) => {
    const archive = spawn("git", ["archive", "--format=tar", sha], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const tar = spawn("tar", ["-xf", "-", "-C", folder], { stdio: [archive.stdout, "inherit", "inherit"] });
    archive.on("error", reject);
    tar.on("error", reject);
    tar.on("close", (code) =>
      code === 0 ? done() : reject(new UserError(`Could not unpack ${sha}: tar ended with ${code}.`)),
    );
  });
}

/**
 * The plan of a stack by a commit's own program.
 * @returns `why` instead of a plan when the commit has no such stack (`absent`) or its program fails
 */
export async function planOfBase({ folder, sha }: BaseFiles, stack: string): Promise<BasePlan> {
  const short = sha.slice(0, 10);
  const command = planCommand(folder);
  if (!command) {
    return { why: `${short} has no plan command`, absent: true };
  }
  if (!existsSync(join(folder, `Pulumi.${stack}.yaml`))) {
    return { why: `${short} has no stack ${stack}`, absent: true };
  }
  const args = [...command, "--stack", stack, "--json"];
  const { stdout: text = "", stderr = "" } = await run(process.execPath, args, {
    cwd: folder,
    env: environment(),
    maxBuffer: 256 * 1024 * 1024,
    // Exit code 1 is a plan with error findings.
  }).catch((error: { stdout?: string; stderr?: string }) => error);
  try {
    const plan = JSON.parse(text) as PlanJson;
    return plan.resources.length > 0
      ? { plan }
      : { why: `${short} declares nothing: ${plan.findings[0]?.message ?? "unknown"}` };
  } catch {
    const reason = stderr.split("\n").find((line) => /error|cannot/i.test(line));
    return {
      why: `the plan of ${short} could not be made${reason ? `: ${reason.trim().slice(0, 200)}` : ""}`,
    };
  }
}

/** The commit's own command; this program's where the project consists of stack files and specs only. */
function planCommand(folder: string): string[] | undefined {
  const home = existsSync(join(folder, "package.json")) ? folder : projectRoot;
  const file = ["commands/plan.ts", "scripts/plan.ts"].find((name) => existsSync(join(home, name)));
  if (file === undefined) return undefined;
  const loader = join(home, "lib/typescript.js");
  return ["-r", existsSync(loader) ? loader : "ts-node/register/transpile-only", join(home, file)];
}

/** The other commit's code runs without credentials. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_|GITHUB_TOKEN|ACTIONS_)/.test(name)),
  );
}
