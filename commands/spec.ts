import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { projectRoot } from "../lib/project-root";
import {
  adopt,
  check,
  compile,
  type Difference,
  diff,
  type Finding,
  FindingsError,
  hasErrors,
  loadDocument,
  renderMarkdown,
  renderText,
  summarize,
} from "../openapi";
import { placeholderTargets } from "../openapi/compile/placeholders";
import { readSettings, type Settings } from "../openapi/read-settings";
import { renderRules } from "../openapi/rest-api/rules";
import { writeYaml } from "../openapi/write-yaml";

/** Findings of one rule that the text output shows; `--all` and `--json` show every one. */
const SHOWN_PER_RULE = 5;

const program = new Command("spec").description(
  "OpenAPI documents for API Gateway: check, compile, diff, adopt",
);

program
  .command("check")
  .description("what AWS's import would refuse, ignore or warn about; exit 1 on an error")
  .argument("<file>", "OpenAPI 3.0 or 3.1, YAML or JSON; plain, or with x-amazon-apigateway-*")
  .option("--json", "print {findings: [{level, rule, where, message}]}")
  .option("--all", "show every finding, not only the first of each rule")
  .action((file: string, options: { json?: boolean; all?: boolean }) => {
    const references: Finding[] = [];
    const document = loadDocument(file, undefined, (found) => references.push(...found));
    const findings = [...references, ...check(document)];
    if (options.json) print(JSON.stringify({ findings }, null, 2));
    else print(renderFindings(findings, options.all ?? false));
    if (hasErrors(findings)) process.exitCode = 1;
  });

program
  .command("compile")
  .description("plain spec → definition on stdout")
  .argument("<file>", "the spec")
  .option("--settings <file>", "the compile part of one service's settings")
  .addOption(new Option("--format <format>", "of the definition").choices(["json", "yaml"]).default("json"))
  .option("--report <file>", "write every change made and every finding there, as JSON")
  .action((file: string, options: { settings?: string; format: string; report?: string }) => {
    const document = loadDocument(file);
    const read: Partial<Settings> = options.settings ? readSettings(options.settings) : {};
    const { settings = {}, locate, findings: wrong = [] } = read;
    const compiled = compile(document, settings, placeholderTargets(settings), { settingPlace: locate });
    if (wrong.length > 0) throw new FindingsError([...wrong, ...compiled.findings]);
    const { definition, changes, findings } = compiled;
    if (options.report) writeFileSync(options.report, `${JSON.stringify({ changes, findings }, null, 2)}\n`);
    process.stderr.write(
      `${renderFindings(findings, false, "--report FILE")}\n${changes.length} changes${options.report ? "" : " (--report FILE lists them)"}\n`,
    );
    print(options.format === "yaml" ? writeYaml(definition).trimEnd() : JSON.stringify(definition, null, 2));
    if (hasErrors(findings)) process.exitCode = 1;
  });

program
  .command("diff")
  .description("what changes for callers")
  .argument("<old>", "spec or definition")
  .argument("<new>", "spec or definition")
  .option("--json", "print {summary, differences}")
  .option("--markdown", "print a table for a pull-request comment")
  .option(
    "--fail-on <kinds>",
    "exit 1 on `breaking`, `weakened` or both, with a comma between",
    parseFailOn,
    [],
  )
  .action(
    (before: string, after: string, options: { json?: boolean; markdown?: boolean; failOn: string[] }) => {
      const differences = diff(loadDocument(before), loadDocument(after));
      if (options.json) print(JSON.stringify({ summary: summarize(differences), differences }, null, 2));
      else print((options.markdown ? renderMarkdown : renderText)(differences).trimEnd());
      const fails = (difference: Difference) =>
        (options.failOn.includes("breaking") && difference.breaking) ||
        (options.failOn.includes("weakened") && difference.weakened);
      if (differences.some(fails)) process.exitCode = 1;
    },
  );

program
  .command("adopt")
  .description('an export "OpenAPI 3 + API Gateway Extensions" → spec.yaml, settings.yaml, report.json')
  .argument("<export>", "the export")
  .requiredOption("--out <folder>", "where to write")
  .option("--fix <rules...>", "suspected mistakes to fix: RULE, or RULE:GET /path")
  .action((file: string, options: { out: string; fix?: string[] }) => {
    const { spec, settings, findings, fixed, differences } = adopt(loadDocument(file), { fix: options.fix });
    mkdirSync(options.out, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(options.out, name), text);
    write("spec.yaml", writeYaml(spec));
    write("settings.yaml", writeYaml(settings));
    write("report.json", `${JSON.stringify({ findings, fixed, differences }, null, 2)}\n`);
    print(renderFindings(findings, true));
    print(
      `${fixed.length} fixed; written: ${["spec.yaml", "settings.yaml", "report.json"].map((name) => join(options.out, name)).join(", ")}`,
    );
    for (const difference of differences) print(`not kept: ${difference}`);
    if (differences.length > 0) process.exitCode = 1;
  });

program
  .command("rules")
  .description("write the table of rules into docs/specs.md")
  .action(() => {
    const file = join(projectRoot, "docs/specs.md");
    const page = readFileSync(file, "utf8");
    const table = /^\| rule \| level \|[\s\S]*?\n\n/m;
    writeFileSync(
      file,
      page.replace(table, () => `${renderRules()}\n\n`),
    );
    print(file);
  });

function parseFailOn(text: string): string[] {
  const kinds = text.split(",").map((kind) => kind.trim());
  const wrong = kinds.find((kind) => kind !== "breaking" && kind !== "weakened");
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is not one of breaking, weakened.`);
  return kinds;
}

function renderFindings(findings: readonly Finding[], all: boolean, lister = "--all"): string {
  const perRule = new Map<string, number>();
  const lines: string[] = [];
  for (const finding of findings) {
    const count = (perRule.get(finding.rule) ?? 0) + 1;
    perRule.set(finding.rule, count);
    if (all || count <= SHOWN_PER_RULE) lines.push(renderFinding(finding));
  }
  const more = [...perRule].filter(([, count]) => !all && count > SHOWN_PER_RULE);
  lines.push(
    ...more.map(([rule, count]) => `… ${count - SHOWN_PER_RULE} more of ${rule} (${lister} shows them)`),
  );
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const fixable = findings.filter(({ level, autofix }) => level === "error" && autofix).length;
  const note = fixable > 0 ? ` (compile fixes ${fixable})` : "";
  return [
    ...lines,
    `${count("error")} errors${note}, ${count("warning")} warnings, ${count("info")} infos`,
  ].join("\n");
}

function renderFinding({ where, level, rule, message }: Finding): string {
  return `${where} ${level} ${rule}: ${message}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// `spec check … | head` closes the pipe early, which is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  program.parse();
} catch (error) {
  if (error instanceof FindingsError)
    process.stderr.write(`${error.findings.map(renderFinding).join("\n")}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
