import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, sep } from "node:path";
import { isObject } from "../../lib/json";
import type { PlanJson } from "./base";

type Resource = PlanJson["resources"][number];

/**
 * Resources as JSON tells them, so that a plan that was printed and read again equals one of this process: a key that is undefined
 * is not there. Their files are told by their content instead of by where they lie: two commits have their
 * files in two folders, and a function's zip is another when its bytes are.
 */
export function withContents(resources: Resource[], folder: string): Resource[] {
  return resources.map((resource) => ({
    ...resource,
    inputs: contents(JSON.parse(JSON.stringify(resource.inputs)), folder) as Resource["inputs"],
  }));
}

function contents(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => contents(item, folder));
  if (!isObject(value)) return value;
  // A health check has a path too, one of a URL.
  if (typeof value.path === "string" && value.path.startsWith(folder + sep)) {
    return { ...value, path: relative(folder, value.path), sha256: digest(value.path) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, contents(item, folder)]));
}

function digest(file: string): string | undefined {
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
