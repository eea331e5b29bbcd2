/**
 * Runs the whole suite as another company would: on a copy of this repository with the stack files and specs of this
 * folder in place of the example's. Mocha does not run this file, so the copy's suite does not copy itself again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { copyProject } from "../support/project-copy";

const copy = mkdtempSync(join(tmpdir(), "gateway-other-company-"));
try {
  copyProject(copy, () => true, __dirname);
  commit(copy);
  symlinkSync(join(projectRoot, "node_modules"), join(copy, "node_modules"));
  const smoke = spawnSync("npm", ["run", "local", "--", "--smoke"], { cwd: copy, stdio: "inherit" });
  const tests = spawnSync("npm", ["test"], { cwd: copy, stdio: "inherit" });
  process.exitCode = smoke.status || tests.status || 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Tests list the repository's files by git. */
function commit(folder: string): void {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
  git("init", "--initial-branch=main");
  // A link is not a folder, so `node_modules/` in .gitignore does not match it.
  writeFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  git("add", "--all");
  git("-c", "user.name=Team", "-c", "user.email=team@example.org", "commit", "--message", "Their files");
}
