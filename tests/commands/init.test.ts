import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesFor, type NewOwner } from "../../commands/init/files";
import { replaceExample } from "../../commands/init/replace";
import { smoke } from "../../commands/local/smoke";
import { projectRoot } from "../../lib/project-root";
import { planWithRecording } from "../../offline/plan";
import { fixtures, stacks } from "../support/fixtures";
import { runScript } from "./run";

const owner: NewOwner = {
  domain: "example.com",
  identity: "jwt",
  region: "eu-west-1",
  services: [
    { name: "orders-api", port: 8080 },
    { name: "quotes", port: 9000 },
  ],
};

const COMMITTER = {
  GIT_AUTHOR_NAME: "Team",
  GIT_AUTHOR_EMAIL: "team@example.org",
  GIT_COMMITTER_NAME: "Team",
  GIT_COMMITTER_EMAIL: "team@example.org",
};

describe("npm run init", function () {
  this.timeout(240_000);
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A Pulumi project with the fixtures' stack files and specs, which are the example's by their domain. */
  function project({ committed = true } = {}): string {
    const root = mkdtempSync(join(tmpdir(), "gateway-init-"));
    folders.push(root);
    for (const file of [...stacks.map((stack) => `Pulumi.${stack}.yaml`), "specs"]) {
      cpSync(join(fixtures, file), join(root, file), { recursive: true });
    }
    writeFileSync(join(root, "Pulumi.yaml"), `name: gateway\nmain: ${projectRoot}\nruntime: nodejs\n`);
    if (committed) {
      const git = (...args: string[]) =>
        execFileSync("git", args, { cwd: root, stdio: "ignore", env: { ...process.env, ...COMMITTER } });
      git("init");
      git("add", "--all");
      git("commit", "--message", "first");
    }
    return root;
  }

  const filesIn = (root: string) =>
    Object.fromEntries(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((file) => !file.startsWith(".git/"))
        .map((file) => [file, readFileSync(join(root, file), "utf8")]),
    );

  it("leaves Pulumi.yaml, four stack files and a spec for each service, and nothing of the example", () => {
    const root = project();
    const { removed } = replaceExample(root, owner, false);
    assert.ok(removed.includes("specs/uuid-api.yaml"));
    const files = filesIn(root);
    assert.deepEqual(Object.keys(files).sort(), [
      ...["Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.stage.yaml", "Pulumi.test.yaml", "Pulumi.yaml"],
      ...["specs/orders-api.yaml", "specs/quotes.yaml"],
    ]);
    const { "Pulumi.yaml": _, ...theirs } = files;
    assert.doesNotMatch(Object.values(theirs).join("\n"), /example\.org|uuid-api/);
  });

  it("lists what it wrote and removed, and says what to do next", () => {
    const root = project();
    const command = [
      "-r",
      join(projectRoot, "lib/typescript.js"),
      join(projectRoot, "commands/init/index.ts"),
    ];
    const args = ["--domain", "example.com", "--identity", "globus", "--services", "orders-api"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
      cwd: root,
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(
      stdout,
      /^wrote .*Pulumi\.dev\.yaml.*specs\/orders-api\.yaml\nremoved .*specs\/uuid-api\.yaml/,
    );
    assert.match(stdout, /npm run plan -- --stack dev[\s\S]*docs\/upgrading\.md/);
  });

  const planned: [NewOwner["identity"], string[]][] = [
    ["jwt", stacks],
    ["globus", ["dev"]],
  ];
  for (const [identity, which] of planned) {
    it(`with ${identity} gives stages that plan without a finding and pass the smoke test`, async () => {
      const root = project();
      replaceExample(root, { ...owner, identity }, false);
      for (const stack of which) {
        const { plan, recording } = await planWithRecording(stack, { root });
        assert.deepEqual(plan.findings, []);
        assert.ok(plan.routes.some(({ service, access }) => service === "quotes" && access === "admin"));
        if (stack !== "dev") continue;
        const lines: string[] = [];
        assert.ok(await smoke({ stack, root, recording }, (line) => lines.push(line)), lines.join("\n"));
      }
    });
  }

  it("marks every placeholder, and gives no stage but production to everybody", () => {
    const files = filesFor(owner);
    for (const stack of stacks) {
      const text = files[`Pulumi.${stack}.yaml`] ?? "";
      const placeholders = text
        .split("\n")
        .filter((line) => /0123456789abcdef|192\.0\.2\.|: help@/.test(line));
      assert.ok(placeholders.length >= 4);
      assert.deepEqual(
        placeholders.filter((line) => !line.includes("# replace")),
        [],
      );
      assert.equal(text.includes("gateway:allow:"), stack !== "prod");
    }
  });

  it("leaves files that the commands in docs/upgrading.md keep when a newer version is merged", () => {
    const page = readFileSync(join(projectRoot, "docs/upgrading.md"), "utf8");
    const [, commands = ""] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    assert.match(commands, /git merge .*upstream\/main/);
    const upstream = project();
    const root = mkdtempSync(join(tmpdir(), "gateway-init-"));
    folders.push(root);
    const shell = (cwd: string, script: string) =>
      spawnSync("sh", ["-c", script], { cwd, encoding: "utf8", env: { ...process.env, ...COMMITTER } });
    shell(upstream, "git branch -M main");
    shell(root, `git clone --quiet --origin upstream ${upstream} .`);
    replaceExample(root, owner, false);
    shell(root, "git add --all && git commit --quiet --message ours");
    const ours = filesIn(root);
    shell(
      upstream,
      "echo '# newer' | tee -a Pulumi.yaml Pulumi.dev.yaml specs/uuid-api.yaml > specs/new-api.yaml; git add --all; git commit --quiet --message newer",
    );
    shell(root, commands);
    const { stdout } = shell(
      root,
      "git commit --quiet --message merged; git status --porcelain; git log --oneline",
    );
    assert.match(stdout, /^\w+ merged\n/);
    assert.deepEqual(filesIn(root), { ...ours, "Pulumi.yaml": `${ours["Pulumi.yaml"]}# newer\n` });
  });

  const losses: { what: string; change: (root: string) => void; message: RegExp }[] = [
    {
      what: "changes that are not committed",
      change: (root) => writeFileSync(join(root, "specs/mine.json"), "{}"),
      message: /changes that are not committed: specs\/mine\.json\. Commit them, or add --force/,
    },
    {
      what: "a stack file that is not the example's",
      change: (root) => {
        const file = join(root, "Pulumi.dev.yaml");
        writeFileSync(
          file,
          readFileSync(file, "utf8").replace("domain: example.org", "domain: acme.example"),
        );
      },
      message: /stack files that are not the example's .*: Pulumi\.dev\.yaml\. .*--force/,
    },
    {
      what: "files that git does not hold",
      change: (root) => rmSync(join(root, ".git"), { recursive: true }),
      message: /not a git checkout.*--force/,
    },
  ];
  for (const { what, change, message } of losses) {
    it(`refuses to lose ${what}, and does so with --force`, () => {
      const root = project();
      change(root);
      const before = filesIn(root);
      assert.throws(() => replaceExample(root, owner, false), message);
      assert.deepEqual(filesIn(root), before);
      replaceExample(root, owner, true);
      assert.ok(!existsSync(join(root, "specs/uuid-api.yaml")));
      assert.ok(existsSync(join(root, "specs/quotes.yaml")));
    });
  }

  it("changes nothing when the settings that it would write are refused", () => {
    const root = project();
    const before = filesIn(root);
    const twice = owner.services.map((service) => ({ ...service, port: 8080 }));
    assert.throws(
      () => replaceExample(root, { ...owner, services: twice }, false),
      /8080 is already at \[0\]/,
    );
    assert.deepEqual(filesIn(root), before);
  });

  const refused: [string, string[], RegExp][] = [
    ["no domain", ["--identity", "jwt"], /required option '--domain <zone>'/],
    ["no identity provider", ["--domain", "example.com"], /required option '--identity <provider>'/],
    [
      "an identity provider that it does not know",
      ["--domain", "example.com", "--identity", "saml"],
      /choices are globus, jwt/,
    ],
    [
      "a domain that is a URL",
      ["--domain", "https://example.com", "--identity", "jwt"],
      /gateway:domain: found "https:\/\/example\.com"/,
    ],
    [
      "a service without a name",
      ["--domain", "example.com", "--identity", "jwt", "--services", "orders,:80"],
      /":80" is not NAME or NAME:PORT/,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}, without a stack trace, and writes nothing`, async () => {
      const before = filesIn(fixtures);
      const { code, stderr } = await runScript("init", args);
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.deepEqual(filesIn(fixtures), before);
    });
  }
});
