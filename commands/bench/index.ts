import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { columns } from "../../lib/table";
import { stop } from "../stop";
import type { BenchRow } from "./row";

const folder = __dirname;

const program = new Command("bench")
  .description("Measures, each figure beside its reference taken in the same run.")
  .argument("[names...]", "benchmarks to run, by file name in commands/bench/ (default: all)")
  .option("--json", "print the rows as JSON and nothing else")
  .addHelpText("after", "\nExits with 1 when a target is missed.")
  .action(run);

program.parseAsync().catch(stop);

async function run(names: string[], { json }: { json?: boolean }): Promise<void> {
  const rows: BenchRow[] = [];
  for (const name of names.length > 0 ? names : benchmarks()) {
    if (!existsSync(join(folder, `${name}.ts`))) {
      throw new Error(`There is no benchmark ${name}. There are: ${benchmarks().join(", ") || "none"}.`);
    }
    if (!json) console.error(`${name} …`);
    const { run: measure } = require(join(folder, name)) as { run(): Promise<BenchRow[]> };
    rows.push(...(await measure()));
  }
  console.log(json ? JSON.stringify(rows, null, 2) : tableOf(rows));
  // A benchmark may leave servers or workers behind.
  process.exit(rows.some(({ met }) => met === false) ? 1 : 0);
}

/** Files that measure: those that export `run`. */
function benchmarks(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && file !== "row.ts")
    .map((file) => file.slice(0, -".ts".length))
    .filter((name) =>
      /^export (async )?function run\(/m.test(readFileSync(join(folder, `${name}.ts`), "utf8")),
    )
    .sort();
}

function tableOf(rows: BenchRow[]): string {
  const cells = rows.map(({ name, value, unit, reference, referenceValue, ratio, target, met }) => [
    name,
    `${number(value)} ${unit}`,
    `${reference}: ${number(referenceValue)} ${unit}`,
    number(ratio),
    target ?? "",
    met === undefined ? "" : met ? "met" : "MISSED",
  ]);
  return columns([["WHAT", "VALUE", "REFERENCE", "RATIO", "TARGET", ""], ...cells]).join("\n");
}

/** Three significant digits are what a laptop can repeat. */
function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 });
}
