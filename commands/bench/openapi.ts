import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { check, compile, loadDocument } from "../../openapi";
import { placeholderTargets } from "../../openapi/compile/placeholders";
import type { BenchRow } from "./row";

const ROUNDS = 5;
const MB = 1024 * 1024;

/** Load, check and compile of a file against parsing the same file, in the same run. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-openapi-"));
  try {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const paths2000 = generate(2000, 1);
    const tenMb = generateOfSize(10 * MB);
    const rows = [
      measure("60 paths, YAML", file("60.yaml", stringify(generate(60, 1)))),
      measure("2,000 paths, YAML", file("2000.yaml", stringify(paths2000))),
      measure("2,000 paths, JSON", file("2000.json", JSON.stringify(paths2000, null, 2))),
      measure("5 MB, JSON", file("5mb.json", JSON.stringify(generateOfSize(5 * MB), null, 2))),
      measure("10 MB, JSON", file("10mb.json", JSON.stringify(tenMb, null, 2))),
      measure("10 MB, JSON as YAML's parser reads it", join(folder, "10mb.json"), 1, "yaml.parse"),
      measure("5 MB, YAML", file("5mb.yaml", stringify(generateOfSize(5 * MB))), 1),
      measure("10 MB, YAML", file("10mb.yaml", stringify(tenMb)), 1),
    ];
    return [
      ...rows,
      growth("JSON", rows, "5 MB, JSON", "10 MB, JSON"),
      growth("YAML", rows, "5 MB, YAML", "10 MB, YAML"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON is held against both parsers: JSON.parse, and `yaml`, which like the loader can tell where a value stands. */
function measure(name: string, file: string, rounds = ROUNDS, parser = defaultParser(file)): BenchRow {
  const text = readFileSync(file, "utf8");
  const json = parser === "JSON.parse";
  const reference = () => (json ? JSON.parse(text) : parse(text));
  const ours = () => {
    const document = loadDocument(file);
    check(document);
    compile(document, {}, placeholderTargets({}));
  };
  const times = { reference: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.reference.push(time(reference));
    times.ours.push(time(ours));
  }
  const value = median(times.ours);
  const referenceValue = median(times.reference);
  const ratio = value / referenceValue;
  return {
    name: `openapi: load, check, compile; ${name}`,
    value,
    unit: "ms",
    reference: parser,
    referenceValue,
    ratio,
    target: "<= 2.5",
    met: ratio <= 2.5,
  };
}

function defaultParser(file: string): "JSON.parse" | "yaml.parse" {
  return file.endsWith(".json") ? "JSON.parse" : "yaml.parse";
}

/** Twice the document must not take much more than twice the time. */
function growth(kind: string, rows: readonly BenchRow[], half: string, whole: string): BenchRow {
  const find = (name: string) => rows.find((row) => row.name.endsWith(name))?.value ?? 0;
  const ratio = find(whole) / find(half);
  return {
    name: `openapi: growth from 5 to 10 MB, ${kind}`,
    value: find(whole),
    unit: "ms",
    reference: half,
    referenceValue: find(half),
    ratio,
    target: "<= 2.6",
    met: ratio <= 2.6,
  };
}

function time(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** A spec of ordinary operations, each with its own schema. */
function generate(paths: number, weight: number): object {
  const items: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  for (let index = 0; index < paths; index++) {
    const schema = `Thing_${index}`;
    items[`/group${index % 50}/things${index}/{id}`] = pathItem(index, schema);
    schemas[schema] = thing(index, weight);
  }
  return {
    openapi: "3.0.3",
    info: { title: "Generated", version: "1.0.0" },
    paths: items,
    components: { schemas },
  };
}

function generateOfSize(bytes: number): object {
  const one = JSON.stringify(generate(50, 4), null, 2).length / 50;
  return generate(Math.ceil(bytes / one), 4);
}

function pathItem(index: number, schema: string): object {
  const content = { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } };
  const parameters = [
    { name: "id", in: "path", required: true, schema: { type: "string" } },
    { name: "limit", in: "query", description: "How many at most", schema: { type: "integer" } },
  ];
  return {
    get: {
      operationId: `getThing${index}`,
      summary: "Reads one thing",
      parameters,
      responses: { "200": { description: "The thing", content }, default: { description: "A failure" } },
    },
    put: {
      operationId: `putThing${index}`,
      parameters: parameters.slice(0, 1),
      requestBody: { content },
      responses: { "200": { description: "The thing as it is now", content } },
    },
  };
}

function thing(index: number, weight: number): object {
  const properties: Record<string, unknown> = {};
  for (let number = 0; number < 6 * weight; number++) {
    properties[`field${number}`] =
      number % 3 === 0
        ? {
            type: "string",
            nullable: true,
            description: `Field ${number} of thing ${index}, in a sentence of usual length.`,
          }
        : number % 3 === 1
          ? { type: "integer", format: "int32", example: number }
          : { type: "array", items: { $ref: `#/components/schemas/Thing_${Math.max(0, index - 1)}` } };
  }
  return { type: "object", required: ["field0"], properties };
}
