import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { copyProject } from "../../support/project-copy";

/** A repository with one commit: the program with the stack files and specs of the fixtures. */
class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "gateway-repository-"));

  constructor() {
    copyProject(this.folder, (file) => !file.startsWith("tests/"));
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    this.git(this.folder, "init", "--quiet", "--initial-branch=main");
    // A link is no folder, so .gitignore's `node_modules/` does not cover it.
    writeFileSync(join(this.folder, ".git/info/exclude"), "node_modules\n");
    this.commit("first");
  }

  commit(message: string): void {
    this.git(this.folder, "add", "--all");
    this.git(this.folder, "commit", "--quiet", "--message", message);
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    assert.notEqual(change(text), text, `the edit of ${file} changes nothing`);
    writeFileSync(path, change(text));
  }

  ops(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const command = ["-r", "./lib/typescript.js", "commands/ops/index.ts", ...args];
    return new Promise((settle) => {
      const child = execFile(process.execPath, command, { cwd: this.folder }, (_error, stdout, stderr) =>
        settle({ code: child.exitCode ?? 1, stdout, stderr }),
      );
    });
  }

  private git(cwd: string, ...args: string[]): string {
    const who = [
      "-c",
      "user.name=Team",
      "-c",
      "user.email=team@example.org",
      "-c",
      "core.hooksPath=/dev/null",
    ];
    return execFileSync("git", [...who, ...args], { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("A pull request", function () {
  this.timeout(240_000);
  let repository: Repository;
  before(() => {
    repository = new Repository();
    // Every request of dev's UUID API but the status needs a level; this opens one.
    repository.edit("Pulumi.dev.yaml", (text) =>
      text.replace(
        "      port: 2222\n",
        '      port: 2222\n      access: { rules: { "GET /uuid/{id}": public } }\n',
      ),
    );
  });
  after(() => repository?.remove());

  const plan = (stack: string, ...labels: string[]) =>
    repository.ops(
      ...["ci", "plan", "--stack", stack, "--base", "main", "--pull-request", "7"],
      ...["--labels", JSON.stringify(labels), "--out", join(repository.folder, "plans")],
    );

  it("that makes a guarded operation public has the bold line and the failing status, and lists its other changes", async () => {
    const { code, stdout, stderr } = await plan("dev");
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^- \*\*Weakened access: `uuid-api GET \/uuid\/\{id\}` read → public\*\*$/m);
    assert.match(stdout, /❌ \*\*weakened\*\*/);
    assert.doesNotMatch(stdout, /❌ \*\*breaking\*\*/);
    assert.match(stdout, /\| updated \| `aws:apigateway:RestApi` \| `uuid-api-api` \| `body` \| nothing \|/);
    assert.match(
      stdout,
      /\| replaced \| `aws:apigateway:Deployment` \| `uuid-api-deployment` \| `triggers` \| nothing \|/,
    );
    assert.doesNotMatch(stdout, /entity-api/);
    // Nothing of the other services changes, the health checks of those behind a proxy included.
    assert.match(stdout, /^### dev: 2 updated, 1 replaced; 1 route change$/m);
    assert.equal(readFileSync(join(repository.folder, "plans/dev.md"), "utf8").trim(), stdout.trim());
    assert.equal(readFileSync(join(repository.folder, "plans/pull-request.txt"), "utf8"), "7");
  });

  it("passes with the label that a maintainer sets", async () => {
    const { code, stdout, stderr } = await plan("dev", "weakened access");
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, /\*\*Weakened access: /);
  });

  it("changes nothing in a stack that it does not touch", async () => {
    const { code, stdout, stderr } = await plan("test");
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, /^### test: nothing changes$/m);
  });

  it("is refused with a sentence when its base does not exist", async () => {
    const args = [
      "ci",
      "plan",
      "--stack",
      "dev",
      "--base",
      "no-such-commit",
      "--pull-request",
      "7",
      "--out",
      "plans",
    ];
    const { code, stderr } = await repository.ops(...args);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /There is no commit no-such-commit here\. In a workflow, check out with fetch-depth: 0\./,
    );
  });
});
