import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project-root";

const folder = join(projectRoot, ".github/workflows");
const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  permissions?: Record<string, string>;
  steps: Step[];
  "timeout-minutes"?: number;
  environment?: string;
  if?: string;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
const workflow = (name: string) => parse(textOf(name)) as Workflow;
const steps = (name: string) => Object.values(workflow(name).jobs).flatMap((job) => job.steps);

/** GOBIN defaults to ~/go/bin: `go install github.com/rhysd/actionlint/cmd/actionlint@latest`. */
function actionlint(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), join(homedir(), "go/bin")];
  return folders.map((path) => join(path, "actionlint")).find((file) => existsSync(file));
}

describe("The workflows", () => {
  it("are the four that docs/pull-requests.md and docs/drift.md describe", () => {
    assert.deepEqual(names.sort(), ["comment.yml", "drift.yml", "preview.yml", "up.yml"]);
  });

  it("are accepted by actionlint", function () {
    const command = actionlint();
    if (command === undefined) {
      console.log("    skipped: actionlint is not on the PATH");
      this.skip();
    }
    const { status, stdout } = spawnSync(command, ["-no-color", ...names.map((name) => join(folder, name))], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
  });

  for (const name of names) {
    describe(name, () => {
      it("pins every action by commit, with its version beside it", () => {
        const lines = textOf(name)
          .split("\n")
          .filter((line) => /^\s*(- )?uses:/.test(line));
        assert.ok(lines.length > 0);
        for (const line of lines) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/);
      });

      it("have read permission unless a job sets another, and no job can write contents", () => {
        const { permissions, jobs } = workflow(name);
        assert.deepEqual(permissions, { contents: "read" });
        for (const job of Object.values(jobs)) assert.notEqual(job.permissions?.contents, "write");
      });

      it("has a time limit for every job and leaves no token in the checkout", () => {
        for (const job of Object.values(workflow(name).jobs)) assert.ok(job["timeout-minutes"]);
        for (const step of steps(name)) {
          if (step.uses?.startsWith("actions/checkout@"))
            assert.equal(step.with?.["persist-credentials"], false);
        }
      });

      it("interpolates no untrusted text into a script", () => {
        for (const { run } of steps(name)) assert.doesNotMatch(run ?? "", /\$\{\{/);
      });

      it("never runs a pull request's code with this repository's permissions", () => {
        assert.ok(!("pull_request_target" in workflow(name).on));
      });
    });
  }

  it("give the pull request's code no secret, and AWS only where it comes from this repository", () => {
    const { jobs } = workflow("preview.yml");
    for (const [name, job] of Object.entries(jobs)) {
      const isEngine = name === "engine";
      assert.equal(JSON.stringify(job).includes("secrets."), isEngine, name);
      assert.equal(job.permissions?.["id-token"] === "write", isEngine, name);
    }
    assert.match(jobs.engine?.if ?? "", /head\.repo\.full_name == github\.repository/);
  });

  it("read secrets of one environment each, never of the repository as a whole", () => {
    const reading = names.flatMap((name) =>
      Object.entries(workflow(name).jobs)
        .filter(([, job]) => JSON.stringify(job).includes("secrets.PULUMI"))
        .map(([job, { environment }]) => `${name} ${job}: ${environment}`),
    );
    assert.deepEqual(reading.sort(), [
      "drift.yml compare: drift-${{ matrix.stack }}",
      "preview.yml engine: preview-${{ matrix.stack }}",
      "up.yml preview: preview-${{ inputs.stack || 'dev' }}",
      "up.yml up: ${{ inputs.stack || 'dev' }}",
    ]);
  });

  it("write the comment with this branch's code only", () => {
    for (const { uses, with: inputs } of steps("comment.yml")) {
      if (uses?.startsWith("actions/checkout@")) assert.equal(inputs?.ref, undefined);
    }
    assert.deepEqual(workflow("comment.yml").jobs.comment?.permissions, {
      actions: "read",
      contents: "read",
      "pull-requests": "write",
    });
  });

  it("deploy in an environment what was previewed before, one update of a stack at a time", () => {
    const { jobs } = workflow("up.yml");
    const run = (job: Job | undefined) => (job?.steps ?? []).map((step) => step.run ?? "").join("\n");
    assert.match(run(jobs.preview), /pulumi preview .*--save-plan update\.json/);
    assert.match(jobs.up?.environment ?? "", /inputs\.stack/);
    assert.match(
      textOf("up.yml"),
      /concurrency:\n {2}group: up-\$\{\{ inputs\.stack \|\| 'dev' \}\}\n {2}cancel-in-progress: false/,
    );
  });

  const upScript = () => {
    const step = workflow("up.yml").jobs.up?.steps.find(({ run }) => run?.includes("pulumi up"));
    assert.ok(step?.run);
    return step.run;
  };
  /** The step as a runner runs it, with a `pulumi` that prints what it was given, then `says`, and ends with `code`. */
  const goUp = (savedPlan: string, says = "", code = 0) => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-up-"));
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "given: $*"\necho '${says}' >&2\nexit ${code}\n`, {
      mode: 0o755,
    });
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      STACK: "test",
      GITHUB_SHA: "abc",
      SAVED_PLAN: savedPlan,
    };
    return spawnSync("bash", ["-eo", "pipefail", "-c", upScript()], { cwd: folder, env, encoding: "utf8" });
  };

  it("deploy the saved plan after a merge as well as by hand, and without it only on request", () => {
    for (const savedPlan of ["", "true"]) {
      const { status, stdout } = goUp(savedPlan);
      assert.equal(status, 0);
      assert.match(stdout, /^given: up --stack test .*--plan update\.json$/m);
    }
    const { status, stdout } = goUp("false");
    assert.equal(status, 0);
    assert.match(stdout, /^given: up --stack test/m);
    assert.doesNotMatch(stdout, /--plan/);
    assert.match(stdout, /::warning::test goes up without the saved plan/);
  });

  it("explain what to do when the engine refuses the saved plan, and fail as the engine does", () => {
    const refused = goUp("true", "error: resource x violates plan: properties changed", 255);
    assert.equal(refused.status, 255);
    assert.match(refused.stdout, /::error::.*saved-plan off/);
    const failed = goUp("true", "error: AccessDenied", 1);
    assert.equal(failed.status, 1);
    assert.doesNotMatch(failed.stdout, /::error::/);
  });

  it("compare a pull request with the first parent of its merge, and fetch that", () => {
    const { jobs } = workflow("preview.yml");
    assert.match(jobs.plan?.steps.map((step) => step.run ?? "").join("\n") ?? "", /--base HEAD\^1 /);
    const checkout = jobs.plan?.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.equal(checkout?.with?.["fetch-depth"], 2);
    // Another commit than the merge has another first parent.
    assert.equal(checkout?.with?.ref, undefined);
  });

  it("run only commands that the project has", () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const name of names) {
      for (const [, script = ""] of textOf(name).matchAll(/npm run (?:--silent )?([\w-]+)/g)) {
        assert.ok(scripts[script], `${name}: npm run ${script}`);
      }
    }
  });
});
