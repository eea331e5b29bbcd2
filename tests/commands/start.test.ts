import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { swallowedOptions } from "../../commands/start";
import { explain } from "../../commands/stop";
import { projectRoot } from "../../lib/project-root";

describe("Options that npm takes for its own", () => {
  const program = new Command("ops");
  program
    .command("promote <service>")
    .requiredOption("--from <stack>")
    .requiredOption("--to <stack>")
    .option("--dry-run")
    .option("--yes");
  program.command("ci").command("plan").option("--stack <name>");
  const plain = new Command("local").option("--smoke").option("--stack <name>").option("--port <n>");

  const cases: [what: string, Command, string[], NodeJS.ProcessEnv, RegExp | undefined][] = [
    ["a flag", plain, [], { npm_config_smoke: "true" }, /^npm took --smoke .*: npm run local -- --smoke$/],
    [
      "a value that npm passes on as an argument",
      plain,
      ["prod"],
      { npm_config_stack: "true", npm_lifecycle_event: "plan" },
      /npm run plan -- --stack prod$/,
    ],
    ["a value after =", plain, [], { npm_config_port: "9000" }, /npm run local -- --port 9000$/],
    [
      "an option of a subcommand, beside its argument",
      program,
      ["promote", "uuid-api", "--from", "dev", "prod"],
      { npm_config_to: "true", npm_config_dry_run: "true" },
      /npm run ops -- promote uuid-api --from dev --to prod --dry-run$/,
    ],
    [
      "an option of a nested subcommand",
      program,
      ["ci", "plan"],
      { npm_config_stack: "dev" },
      /ci plan --stack dev$/,
    ],
    [
      "nothing when the option came through",
      plain,
      ["--stack", "dev"],
      { npm_config_stack: "dev" },
      undefined,
    ],
    [
      "nothing for npm's other settings",
      plain,
      [],
      { npm_config_cache: "/x", npm_config_json: "true" },
      undefined,
    ],
    [
      "nothing for --yes, which people set for npm itself",
      program,
      ["promote", "x"],
      { npm_config_yes: "true" },
      undefined,
    ],
  ];
  for (const [what, command, args, env, expected] of cases) {
    it(`are named with the command line that works: ${what}`, () => {
      const sentence = swallowedOptions(command, args, env);
      if (expected === undefined) assert.equal(sentence, undefined);
      else assert.match(sentence ?? "", expected);
    });
  }

  it("end the real command at once", function () {
    this.timeout(30_000);
    const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "local", "--smoke"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.equal(
      stderr.trim(),
      "npm took --smoke for an option of its own. Put -- in front: npm run local -- --smoke",
    );
  });
});

describe("An error that a command ends with", () => {
  const error = (fields: object, message = "original") => Object.assign(new Error(message), fields);
  const cases: [string, unknown, RegExp][] = [
    [
      "no network",
      error({ code: "ENOTFOUND", hostname: "acm.us-esat-1.amazonaws.com" }),
      /^acm\.us-esat-1\S+ was not found\. Check the network, and aws:region/,
    ],
    [
      "a folder that cannot be written",
      error({ code: "EACCES", path: "/repo/dist" }),
      /^\/repo\/dist cannot be written\..* checkout that you own/,
    ],
    ["no credentials", error({ name: "CredentialsProviderError" }), /aws sso login/],
    ["throttling", error({ name: "TooManyRequestsException" }), /throttled/],
    ["anything else", error({ name: "Other" }), /^original$/],
    ["a thrown text", "text", /^text$/],
  ];
  for (const [what, thrown, expected] of cases) {
    it(`is explained: ${what}`, () => assert.match(explain(thrown), expected));
  }
});
