import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { UserError } from "../../../lib/error";
import { record } from "../../../offline/recording";
import { adoptedFiles, type Difference } from "./files";
import { importPlan } from "./import-file";
import { readInventory } from "./inventory";

export interface Adoption {
  stack: string;
  /** Path, relative to the output folder → text. */
  files: Record<string, string>;
  /** Differences that change what callers get come first. */
  differences: Difference[];
  imported: number;
}

/**
 * Everything needed to adopt an existing gateway.
 *
 * @throws UserError for an inventory or export that cannot be read; RecordingError when the program refuses the generated settings
 */
export async function adoptGateway(root: string, inventoryFile: string): Promise<Adoption> {
  const inventory = readInventory(inventoryFile);
  const { files, differences } = adoptedFiles(inventory, inventoryFile);
  const project = mkdtempSync(join(tmpdir(), "gateway-adopt-"));
  try {
    const pulumi: object = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
    writeFiles(project, { "Pulumi.yaml": stringify({ ...pulumi, main: root }), ...files });
    const { resources } = await record(inventory.stack, { root: project });
    const plan = importPlan(inventory, resources);
    const all = [...plan.differences, ...differences].sort((a, b) => Number(b.traffic) - Number(a.traffic));
    const resourcesToImport = plan.entries.filter(({ id }) => id !== undefined);
    return {
      stack: inventory.stack,
      files: {
        ...files,
        "import.json": `${JSON.stringify({ resources: plan.entries }, null, 2)}\n`,
        "differences.json": `${JSON.stringify(all, null, 2)}\n`,
      },
      differences: all,
      imported: resourcesToImport.length,
    };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** @throws UserError instead of overwriting a file, or writing outside the folder */
export function writeFiles(folder: string, files: Record<string, string>): void {
  const names = Object.keys(files);
  const outside = names.filter((name) => relative(folder, join(folder, name)).startsWith(".."));
  if (outside.length > 0) throw new UserError(`${outside.join(", ")} would be outside ${folder}.`);
  const existing = names.filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0)
    throw new UserError(`${folder} already has ${existing.join(", ")}. Choose another folder.`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
