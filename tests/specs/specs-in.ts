import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../../lib/json";
import { loadDocument, type SpecDocument } from "../../openapi";

/** Paths below `root` of the YAML and JSON files in `specs/` and its folders. Does not read them. */
export function specFilesIn(root: string): string[] {
  const folder = join(root, "specs");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .map((file) => join("specs", file))
    .sort();
}

/** The OpenAPI document in a file; undefined for a file that documents only refer to. */
export function readSpec(root: string, file: string): SpecDocument | undefined {
  const content: unknown = parse(readFileSync(join(root, file), "utf8"));
  return isObject(content) && "openapi" in content ? loadDocument(join(root, file)) : undefined;
}
