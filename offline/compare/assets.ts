import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, sep } from "node:path";
import { isObject } from "../../lib/json";
import type { PlannedResource } from "../plan";

/**
 * Resources as JSON has them, without undefined keys, so that a plan of this process equals one that was printed and parsed. Files
 * are compared by content, because two commits have theirs in two folders.
 */
export function withContents(resources: PlannedResource[], folder: string): PlannedResource[] {
  return resources.map((resource) => ({
    ...resource,
    inputs: contents(JSON.parse(JSON.stringify(resource.inputs)), folder) as PlannedResource["inputs"],
  }));
}

function contents(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => contents(item, folder));
  if (!isObject(value)) return value;
  // A health check also has a path, of a URL.
  if (typeof value.path === "string" && value.path.startsWith(folder + sep)) {
    return { ...value, path: relative(folder, value.path), sha256: digest(value.path) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, contents(item, folder)]));
}

function digest(file: string): string | undefined {
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
