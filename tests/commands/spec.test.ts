import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { definition, get, method, RESPONSES, spec } from "../openapi/documents";

describe("npm run spec", function () {
  // Every case starts processes that compile TypeScript.
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "spec-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function file(name: string, content: unknown): string {
    writeFileSync(
      join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content, null, 2),
    );
    return join(folder, name);
  }

  function run(...args: string[]) {
    const command = ["-r", "./lib/typescript.js", "commands/spec.ts", ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: projectRoot,
      encoding: "utf8",
    });
    assert.doesNotMatch(stderr, /\n\s+at /);
    return { status, stdout, stderr };
  }

  it("check: findings with their lines, exit 0 without an error and 1 with one", () => {
    const good = run("check", file("good.json", get({})));
    assert.deepEqual([good.status, good.stdout], [0, "0 errors, 0 warnings, 0 infos\n"]);
    const bad = run(
      "check",
      file("bad.yaml", "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a/{b}.json: {}\n"),
    );
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /bad\.yaml:4:3 error partial-variable: /);
  });

  it("check --json: nothing else on stdout", () => {
    const { stdout } = run(
      "check",
      "--json",
      file("ping.json", spec({ "/ping": { get: { responses: RESPONSES } } })),
    );
    assert.deepEqual(
      JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule),
      ["reserved-path"],
    );
  });

  it("compile: a definition that needs nothing from outside, the same in JSON and YAML, and a report", () => {
    const one = file("one.yaml", "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {}}}\n");
    const settings = file("settings.yaml", "access: {rules: {GET /a: create}}\n");
    const report = join(folder, "report.json");
    const { status, stdout } = run("compile", one, "--settings", settings, "--report", report);
    const made = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.deepEqual(made.paths["/a"].get.security, [{ "create-authorizer": [] }]);
    assert.match(stdout, /\$\{AWS::AccountId\}:function:create-authorizer/);
    const { changes } = JSON.parse(readFileSync(report, "utf8"));
    const version = changes.find(({ rule }: { rule: string }) => rule === "openapi-version");
    assert.deepEqual(version.where, `${one}:1:1`);
    assert.match(run("compile", one, "--format", "yaml").stdout, /^openapi: 3\.0\.1\n/);
  });

  it("compile: every mistake in the settings, each with its line", () => {
    const settings = file(
      "wrong.yaml",
      "acess: {}\ntimeoutMs:\n  default: soon\naccess: {rules: {GET /thing: public}}\n",
    );
    const { status, stdout, stderr } = run("compile", file("two.json", get({})), "--settings", settings);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      /wrong\.yaml:1:1 error invalid-settings: unknown key acess; did you mean access\? Known keys: /,
    );
    assert.match(
      stderr,
      /wrong\.yaml:3:3 error invalid-settings: timeoutMs\.default: found "soon"; accepted: a number/,
    );
    assert.match(stderr, /wrong\.yaml:4:18 error settings-rule-unmatched: .*"GET \/thing"/);
  });

  it("compile: a rule that matches nothing, at its line", () => {
    const settings = file("rule.yaml", "access:\n  rules:\n    GET /thing: public\n");
    const { status, stderr } = run("compile", file("three.json", get({})), "--settings", settings);
    assert.equal(status, 1);
    assert.match(stderr, /rule\.yaml:3:5 error settings-rule-unmatched: .*Did you mean "GET \/things"/);
  });

  it("diff: exit 1 only on what --fail-on names", () => {
    const before = file(
      "before.json",
      spec({ "/a": { get: { responses: RESPONSES, security: [{ x: [] }] } } }),
    );
    const after = file("after.json", spec({ "/a": { get: { responses: RESPONSES } } }));
    assert.equal(run("diff", before, after).status, 0);
    assert.equal(run("diff", before, after, "--fail-on", "breaking").status, 0);
    assert.equal(run("diff", before, after, "--fail-on", "breaking,weakened").status, 1);
    assert.equal(run("diff", after, before, "--fail-on", "weakened").status, 0);
    assert.equal(run("diff", before, after, "--fail-on", "everything").status, 1);
    assert.equal(JSON.parse(run("diff", before, after, "--json").stdout).summary.weakened, 1);
    assert.match(run("diff", before, after, "--markdown").stdout, /\| \*\*WEAKENED\*\* \|/);
  });

  it("adopt: spec, settings and report; compile takes them as they are", () => {
    const out = join(folder, "out");
    const exported = file("export.json", definition("/a", { get: method("GET", "/b") }));
    assert.equal(run("adopt", exported, "--out", out).status, 0);
    const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    assert.deepEqual(
      report.findings.map(({ rule, fixable }: { rule: string; fixable: boolean }) => [rule, fixable]),
      [["uri-path", true]],
    );
    const { status, stdout } = run(
      "compile",
      join(out, "spec.yaml"),
      "--settings",
      join(out, "settings.yaml"),
    );
    assert.equal(status, 0);
    assert.match(stdout, /VPCNLB\}\/b"/);
    run("adopt", exported, "--out", out, "--fix", "uri-path");
    assert.match(
      run("compile", join(out, "spec.yaml"), "--settings", join(out, "settings.yaml")).stdout,
      /VPCNLB\}\/a"/,
    );
  });

  it("says in one line what it can't read", () => {
    for (const args of [
      ["check", join(folder, "none.yaml")],
      ["check", file("broken.json", "{")],
      ["check", folder],
      ["compile", file("swagger.yaml", "swagger: '2.0'")],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /^\S+:\d+:\d+ error [a-z-]+: .+\n$/);
    }
    assert.ok(!existsSync(join(folder, "none.yaml")));
  });
});
