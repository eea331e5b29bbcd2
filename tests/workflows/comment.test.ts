import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commentBody, MARKER, readPlans, upsertComment } from "../../commands/ops/ci/comment";
import { GitHub, gitHubContext } from "../../commands/ops/ci/github";
import { gatesFor } from "../../offline/compare/gates";
import { type FakeGitHub, type FakeIssue, fakeGitHub } from "./fake-github";
import { runOps } from "./run-ops";

const sha = "ab".repeat(20);
const run = { sha, runUrl: "https://github.com/team/gateway/actions/runs/1" };
const issue = (number: number, comments: FakeIssue["comments"] = []): FakeIssue => ({
  number,
  body: "",
  labels: [],
  state: "open",
  comments,
});

describe("The comment of a pull request", () => {
  let folder: string;
  let gitHub: FakeGitHub;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "gateway-plans-"));
    gitHub = await fakeGitHub();
    gitHub.heads[7] = sha;
    gitHub.issues.push(issue(7));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await gitHub.close();
  });
  const leave = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  const post = (body: string, head = sha) =>
    upsertComment(new GitHub(gitHubContext(gitHub.env)), { pullRequest: 7, body, sha: head });

  it("has every stack in the order of promotion, and no other file of the folder", () => {
    leave({
      "pull-request.txt": "7\n",
      "prod.md": "### prod",
      "dev.md": "### dev",
      "extra.md": "### extra",
      "../x.md": "",
    });
    leave({ "notes.txt": "no", "UP.md": "no" });
    const { pullRequest, plans } = readPlans(folder);
    assert.equal(pullRequest, 7);
    assert.deepEqual(
      plans.map(({ stack }) => stack),
      ["dev", "prod", "extra"],
    );
    const body = commentBody(plans, run);
    assert.ok(body.startsWith(MARKER));
    assert.ok(body.indexOf("### dev") < body.indexOf("### prod"));
    rmSync(join(tmpdir(), "x.md"), { force: true });
  });

  it("is refused without a pull request number", () => {
    assert.throws(() => readPlans(folder), /does not contain a pull request number/);
    leave({ "pull-request.txt": "7; rm -rf /" });
    assert.throws(() => readPlans(folder), /does not contain a pull request number/);
  });

  it("follows no link out of the run's files", () => {
    leave({ "pull-request.txt": "7", "dev.md": "### dev" });
    const outside = join(tmpdir(), "gateway-outside.md");
    writeFileSync(outside, "secret");
    symlinkSync(outside, join(folder, "prod.md"));
    assert.deepEqual(
      readPlans(folder).plans.map(({ stack }) => stack),
      ["dev"],
    );
    rmSync(outside);
  });

  it("is created once and then updated", async () => {
    assert.equal(await post(`${MARKER}\none`), "created");
    assert.equal(await post(`${MARKER}\ntwo`), "updated");
    assert.deepEqual(
      gitHub.issues[0]?.comments.map(({ body }) => body),
      [`${MARKER}\ntwo`],
    );
  });

  it("is found after a hundred others, and a person's copy of it is not changed", async () => {
    const others = Array.from({ length: 120 }, (_, id) => ({ id, body: "hm", user: { type: "User" } }));
    others[3] = { id: 3, body: `${MARKER}\nmine`, user: { type: "User" } };
    const comments = [...others, { id: 500, body: `${MARKER}\nold`, user: { type: "Bot" } }];
    gitHub.issues[0] = issue(7, comments);
    assert.equal(await post(`${MARKER}\nnew`), "updated");
    assert.equal(comments[3]?.body, `${MARKER}\nmine`);
    assert.equal(comments[120]?.body, `${MARKER}\nnew`);
  });

  it("is not written to another pull request than the run's", async () => {
    await assert.rejects(post("x", "cd".repeat(20)), /#7 is at ababababab but the run was of cdcdcdcdcd/);
    assert.deepEqual(gitHub.issues[0]?.comments, []);
  });

  it("notifies nobody and contains no second marker, whatever the plan contains", () => {
    const body = commentBody(
      [{ stack: "dev", markdown: `@everyone <!-- gateway-plan --> see mail@example.org` }],
      run,
    );
    assert.equal(body.split(MARKER).length, 2);
    assert.doesNotMatch(body, /@(?=[a-z])/);
  });

  it("fits GitHub's limit, with every <details> and code block closed", () => {
    const long = `<details><summary>x</summary>\n\n\`\`\`\n${"line\n".repeat(20_000)}\`\`\`\n\n</details>`;
    const body = commentBody(
      ["dev", "test", "stage", "prod"].map((stack) => ({ stack, markdown: `### ${stack}\n${long}` })),
      run,
    );
    assert.ok(body.length <= 65_536, String(body.length));
    assert.equal(body.split("<details>").length, body.split("</details>").length);
    assert.equal((body.split("```").length - 1) % 2, 0);
    assert.match(body, /### prod/);
    assert.match(body, /truncated/);
  });

  it("is written by the command that the workflow runs", async () => {
    leave({ "pull-request.txt": "7", "dev.md": "### dev: nothing changes" });
    const args = ["ci", "comment", "--plans", folder, "--head", sha, "--run-url", run.runUrl];
    const { code, stdout, stderr } = await runOps(args, gitHub.env);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), "created the comment of #7");
    assert.match(gitHub.issues[0]?.comments[0]?.body ?? "", /### dev: nothing changes/);
  });

  it("explains a missing token", async () => {
    leave({ "pull-request.txt": "7", "dev.md": "x" });
    const args = ["ci", "comment", "--plans", folder, "--head", sha, "--run-url", run.runUrl];
    const { code, stderr } = await runOps(args, {});
    assert.equal(code, 1);
    assert.match(stderr, /GITHUB_TOKEN and GITHUB_REPOSITORY are not set/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
});

describe("The labels", () => {
  it("each open one gate, and no label permits an error finding", () => {
    assert.deepEqual(gatesFor([]), ["weakened", "breaking", "findings"]);
    assert.deepEqual(gatesFor(["weakened access"]), ["breaking", "findings"]);
    assert.deepEqual(gatesFor(["weakened access", "breaking change", "findings", "undefined"]), ["findings"]);
    assert.deepEqual(gatesFor(["weakened-access"]), ["weakened", "breaking", "findings"]);
  });
});
