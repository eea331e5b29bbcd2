import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../lib/error";
import { FindingsError, hasErrors } from "../../lib/finding";
import { stacksIn } from "../../offline/recording/stack-file";
import { compileApis } from "../../stacks/apis";
import { readStackFile } from "../../stacks/settings";
import { filesFor, type NewOwner } from "./files";

/** The zone of the example's stack files. */
const EXAMPLE = "example.org";

export interface Replaced {
  written: string[];
  removed: string[];
}

/**
 * Replaces the stack files and specs under `root` by those of a new owner, all of them or none.
 * @param force also those that are not the example's any more
 * @throws UserError when something would be lost; FindingsError when the settings would be refused
 */
export function replaceExample(root: string, owner: NewOwner, force: boolean): Replaced {
  const files = filesFor(owner);
  const removed = theirFiles(root);
  if (!force) refuseToLose(root, removed);
  const work = mkdtempSync(join(root, ".init-"));
  try {
    const fresh = join(work, "new");
    for (const [file, text] of Object.entries(files)) write(join(fresh, file), text);
    validate(fresh);
    swap(root, { fresh, old: join(work, "old") }, { written: Object.keys(files), removed });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { written: Object.keys(files), removed: removed.filter((file) => !(file in files)) };
}

/** The files that belong to whoever runs the gateway: docs/upgrading.md. */
function theirFiles(root: string): string[] {
  const specs = join(root, "specs");
  const found = existsSync(specs) ? readdirSync(specs, { recursive: true, withFileTypes: true }) : [];
  return [
    ...stacksIn(root).map((stack) => `Pulumi.${stack}.yaml`),
    ...found
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1)),
  ];
}

function refuseToLose(root: string, files: string[]): void {
  const own = files.filter((file) => file.startsWith("Pulumi.") && domainIn(join(root, file)) !== EXAMPLE);
  if (own.length > 0) {
    throw new UserError(
      `init would remove stack files that are not the example's (gateway:domain is not ${EXAMPLE}): ${own.join(", ")}. To remove them all the same, add --force.`,
    );
  }
  const changed = changesIn(root);
  if (changed === undefined) {
    throw new UserError(
      "This is not a git checkout, so what init removes would be lost. To go on, add --force.",
    );
  }
  if (changed.length > 0) {
    throw new UserError(
      `init would remove changes that are not committed: ${changed.join(", ")}. Commit them, or add --force.`,
    );
  }
}

function domainIn(file: string): unknown {
  const { config } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return config?.["gateway:domain"];
}

/** Stack files and specs that differ from the last commit; undefined outside of git. */
function changesIn(root: string): string[] | undefined {
  try {
    const args = ["status", "--porcelain", "--untracked-files=all", "--", "Pulumi.*.yaml", "specs"];
    const text = execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => line.slice(3));
  } catch {
    return undefined;
  }
}

/** @throws FindingsError when a stack would be refused */
function validate(root: string): void {
  for (const stack of stacksIn(root)) {
    const { findings } = compileApis(readStackFile(join(root, `Pulumi.${stack}.yaml`), stack), root);
    if (hasErrors(findings)) throw new FindingsError(findings.filter(({ level }) => level === "error"));
  }
}

/** By renaming within one file system; if that fails, the old files are put back. */
function swap(
  root: string,
  { fresh, old }: { fresh: string; old: string },
  { written, removed }: Replaced,
): void {
  const moved: [from: string, to: string][] = [];
  const move = (from: string, to: string) => {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    moved.push([from, to]);
  };
  try {
    for (const file of removed) move(join(root, file), join(old, file));
    for (const file of written) move(join(fresh, file), join(root, file));
  } catch (error) {
    for (const [from, to] of moved.reverse()) renameSync(to, from);
    throw error;
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
