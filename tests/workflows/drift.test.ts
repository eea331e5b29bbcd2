import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftBody, readPreview } from "../../commands/ops/ci/drift";
import { type FakeGitHub, fakeGitHub } from "./fake-github";
import { runOps } from "./run-ops";

const changed =
  "~ aws:apigateway:Stage uuid-api-stage\nerror: no changes were expected but changes were proposed";
const runUrl = "https://github.com/team/gateway/actions/runs/1";

describe("Drift", () => {
  let folder: string;
  let gitHub: FakeGitHub;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "gateway-previews-"));
    gitHub = await fakeGitHub();
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await gitHub.close();
  });
  const found = (stack: string, code: number, text = "") => {
    writeFileSync(join(folder, `${stack}.code`), `${code}\n`);
    writeFileSync(join(folder, `${stack}.txt`), text);
  };
  const run = async (stacks = "dev,prod") => {
    const { code, stdout, stderr } = await runOps(
      ["ci", "drift", "--previews", folder, "--stacks", stacks, "--run-url", runUrl],
      gitHub.env,
    );
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it("opens no issue when nothing differs", async () => {
    found("dev", 0);
    found("prod", 0);
    assert.match(await run(), /no issue is open, and none is needed/);
    assert.deepEqual(gitHub.issues, []);
  });

  it("opens one issue for all stacks, updates it, and closes it when nothing differs any more", async () => {
    found("dev", 0);
    found("prod", 255, changed);
    assert.match(await run(), /prod: drift\nopened #/);
    found("dev", 255, changed);
    assert.match(await run(), /updated #/);
    assert.equal(gitHub.issues.length, 1);
    assert.match(gitHub.issues[0]?.body ?? "", /## dev: differs[\s\S]*## prod: differs[\s\S]*uuid-api-stage/);
    found("dev", 0);
    found("prod", 0);
    assert.match(await run(), /closed #/);
    assert.equal(gitHub.issues[0]?.state, "closed");
  });

  it("does not count a failed preview as one without differences", async () => {
    found("dev", 255, "error: no valid credential sources found");
    assert.match(await run("dev,prod"), /dev: failed\nprod: failed\nopened/);
    assert.match(
      gitHub.issues[0]?.body ?? "",
      /## dev: could not be compared[\s\S]*## prod: could not be compared/,
    );
  });

  it("keeps the end of a long preview, where the differences are, and no code block open", () => {
    const body =
      driftBody([readPreview("dev", 255, `${"x\n".repeat(30_000)}\`\`\`${changed}`)], runUrl) ?? "";
    assert.ok(body.length < 65_536);
    assert.match(body, /changes were proposed/);
    assert.equal((body.split("```").length - 1) % 2, 0);
  });
});
