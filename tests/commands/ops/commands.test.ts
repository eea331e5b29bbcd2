import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile, serviceNames } from "../../../commands/ops/stack/stack-file";
import { projectRoot } from "../../../lib/project-root";
import { fixtures, recorded } from "../../support/fixtures";
import { runOps } from "../../workflows/run-ops";
import { type FakeAccount, type FakeAws, fakeAws } from "./fake-aws";
import { environment } from "./with-aws";

const services = serviceNames(readStackFile(fixtures, "prod"));

describe("npm run ops", function () {
  this.timeout(120_000);
  let definition: unknown;
  let account: FakeAccount;
  let aws: FakeAws;
  let folder: string;

  before(async () => {
    const { resources } = await recorded("prod");
    definition = JSON.parse(String(resources.find(({ name }) => name === "uuid-api-api")?.inputs.body));
  });
  beforeEach(async () => {
    const stage = (deploymentId: string) => [{ stageName: "prod", deploymentId }];
    const api = (name: string, id: string) => ({
      id,
      name: `${name}-prod`,
      deployments: [
        { id: `${id}dep`, createdDate: Date.now() / 1000, description: `commit ${"1".repeat(40)}` },
      ],
      stages: stage(`${id}dep`),
      definition,
    });
    account = {
      buckets: { archive: new Map() },
      apis: services.map((name, index) => api(name, name === "uuid-api" ? "aaa" : `api${index}`)),
    };
    uuidApi().deployments.push({ id: "old111", createdDate: 1 } as never);
    aws = await fakeAws(account);
    folder = mkdtempSync(join(tmpdir(), "gateway-ops-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await aws.close();
  });
  const uuidApi = () => {
    const api = account.apis.find(({ name }) => name === "uuid-api-prod");
    assert.ok(api);
    return api;
  };
  const ops = (...args: string[]) => runOps(args, { ...environment(aws), GATEWAY_RELEASE_BUCKET: "archive" });
  const ok = async (...args: string[]) => {
    const { code, stdout, stderr } = await ops(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it("has a subcommand for each file of its folder, and loads only the one that is called", async () => {
    const files = readdirSync(join(projectRoot, "commands/ops/subcommands"));
    const help = await ok("--help");
    const listed = [...help.matchAll(/^ {2}([a-z-]+)(?= )/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "help");
    assert.deepEqual(listed.sort(), files.map((file) => file.replace(/\.ts$/, "")).sort());
    assert.match(await ok("cost", "--help"), /^Usage: ops cost /);
    assert.match((await ops("prmote")).stderr, /unknown command 'prmote'\n\(Did you mean promote\?\)/);
  });

  it("release names the archive's variable and output when no bucket is given", async () => {
    const { code, stderr } = await runOps(["release", "--stack", "prod"], environment(aws));
    assert.equal(code, 1);
    assert.match(
      stderr,
      /--bucket or GATEWAY_RELEASE_BUCKET: pulumi stack output releaseArchive --stack prod/,
    );
  });

  it("promote without a terminal says that --yes writes", async () => {
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"])
      copyFileSync(join(fixtures, name), join(folder, name));
    const prod = join(folder, "Pulumi.prod.yaml");
    const text = readFileSync(prod, "utf8").replace(
      "- name: uuid-api",
      "- name: uuid-api\n      trailingSlash: true",
    );
    writeFileSync(prod, text);
    const args = ["promote", "uuid-api", "--from", "prod", "--to", "dev"];
    const { stdout } = await runOps(args, environment(aws), folder);
    assert.match(stdout, /\+ {6}trailingSlash: true/);
    assert.match(
      stdout,
      /Nothing was written: there is no terminal to ask on\. Run it again with --yes to write\./,
    );
    assert.match(
      (await runOps([...args, "--yes"], environment(aws), folder)).stdout,
      /Wrote Pulumi\.dev\.yaml/,
    );
    assert.match(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8"), /trailingSlash: true/);
  });

  it("deployments lists them, and refuses a service that the stack does not have", async () => {
    assert.match(
      await ok("deployments", "uuid-api", "--stack", "prod"),
      /aaadep .* 1111111111 +prod\nold111/,
    );
    const { code, stderr } = await ops("deployments", "uuid", "--stack", "prod");
    assert.equal(code, 1);
    assert.equal(
      stderr.trim(),
      `Pulumi.prod.yaml has no service uuid. Its services: ${services.join(", ")}.`,
    );
  });

  it("prune only shows until it gets --yes", async () => {
    const args = ["prune", "uuid-api", "--stack", "prod", "--keep", "1", "--days", "30"];
    assert.match(
      await ok(...args),
      /old111[\s\S]*1 of 2 would be deleted\. To delete them, run this again with --yes/,
    );
    assert.equal(uuidApi().deployments.length, 2);
    assert.match(await ok(...args, "--yes"), /deleted old111/);
    assert.equal(uuidApi().deployments.length, 1);
  });

  it("release stores every API of the stack once, and reports those it could not", async () => {
    assert.equal((await ok("release", "--stack", "prod")).match(/stored/g)?.length, services.length);
    assert.equal((await ok("release", "--stack", "prod")).match(/unchanged/g)?.length, services.length);
    account.apis = account.apis.filter(({ name }) => name !== "uuid-api-prod");
    const { code, stdout, stderr } = await ops("release", "--stack", "prod");
    assert.equal(code, 1);
    assert.match(stderr, /no REST API uuid-api-prod/);
    assert.equal(stdout.match(/unchanged/g)?.length, services.length - 1);
  });

  it("restore splits a stored export, and pins only a deployment that AWS still has", async () => {
    await ok("release", "--stack", "prod");
    const [, key = ""] = /(uuid-api\/\S+\.json)/.exec(await ok("releases", "uuid-api")) ?? [];
    await ok("restore", key, "--out", folder);
    assert.doesNotMatch(readFileSync(join(folder, "uuid-api/spec.yaml"), "utf8"), /x-amazon-apigateway/);
    assert.ok(existsSync(join(folder, "uuid-api/settings.yaml")));

    const before = readFileSync(join(fixtures, "Pulumi.prod.yaml"), "utf8");
    assert.match(
      await ok("restore", key, "--pin"),
      /\+ {6}deployment: "aaadep"[\s\S]*To write this, run it again with --yes/,
    );
    assert.equal(readFileSync(join(fixtures, "Pulumi.prod.yaml"), "utf8"), before);
    const { code, stderr } = await ops("restore", "uuid-api/2026-01-01/gone11.json", "--pin");
    assert.equal(code, 1);
    assert.match(stderr, /no longer has deployment gone11/);
  });

  it("promote shows the difference and writes nothing without --yes", async () => {
    const before = readFileSync(join(fixtures, "Pulumi.stage.yaml"), "utf8");
    const { code, stderr } = await ops("promote", "no-api", "--from", "test", "--to", "stage");
    assert.equal(code, 1);
    assert.match(stderr, /Pulumi\.test\.yaml has no service no-api/);
    await ok("promote", "uuid-api", "--from", "test", "--to", "stage");
    assert.equal(readFileSync(join(fixtures, "Pulumi.stage.yaml"), "utf8"), before);
  });

  it("deploy-policy and cost print JSON and nothing else", async () => {
    const documents = JSON.parse(await ok("deploy-policy", "--stack", "prod", "--account", "123456789012"));
    assert.ok(
      documents.length > 0 && documents.every(({ Version }: { Version: string }) => Version === "2012-10-17"),
    );
    assert.ok(JSON.parse(await ok("cost", "--stack", "prod", "--json")).fixedMonthly > 0);
  });

  it("explains missing credentials and an unknown stack", async () => {
    const nobody = {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    };
    const { code, stderr } = await runOps(["deployments", "uuid-api", "--stack", "prod"], nobody);
    assert.equal(code, 1);
    assert.equal(
      stderr.trim(),
      "No AWS credentials were found. Sign in (aws sso login) or set AWS_PROFILE, then run this again.",
    );
    const { stderr: noStack } = await ops("deployments", "uuid-api", "--stack", "nowhere");
    assert.match(noStack, /There is no Pulumi\.nowhere\.yaml in \S+\. Stacks here: dev, prod, stage, test\./);
  });
});
