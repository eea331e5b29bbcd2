import { type JsonObject, objectAt, type Path } from "../../lib/json";
import { pathItems } from "../document";
import { METHOD_KEYS } from "../operations";
import type { Recorder } from "../recorder";
import type { CompileSettings } from "../settings";

/** The keys that the definition is made of; everything else is left out and reported. */
const ROOT: ReadonlySet<string> = new Set(["openapi", "info", "paths", "components", "security"]);
const INFO: ReadonlySet<string> = new Set(["title", "description", "version"]);
const COMPONENTS: ReadonlySet<string> = new Set(["schemas", "securitySchemes"]);
const PATH_ITEM: ReadonlySet<string> = new Set([...METHOD_KEYS, "parameters", "$ref"]);

/**
 * Reports what the document, its components and its path items say that a definition has no equivalent for. What
 * operations and schemas lose is reported where they are converted.
 */
export function reportLeftOut(record: Recorder, settings: CompileSettings): void {
  const { root } = record.document;
  if (root.openapi !== "3.0.1") record.compiling("openapi-version", ["openapi"], String(root.openapi));
  if (Array.isArray(root.security)) record.compiling("root-security", ["security"]);
  reportKeys(record, "root-key", root, ROOT, []);
  reportKeys(record, "info-key", objectAt(root, "info") ?? {}, INFO, ["info"]);
  const components = objectAt(root, "components") ?? {};
  for (const key of Object.keys(components)) {
    const path = ["components", key];
    if (!COMPONENTS.has(key)) record.compiling("component-section", path, key);
    if (key === "schemas" && settings.models === false)
      record.compiling("no-models", path, "components/schemas");
  }
  for (const name of Object.keys(objectAt(components, "securitySchemes") ?? {})) {
    if (Object.hasOwn(settings.authorizers ?? {}, name)) continue;
    record.compiling("security-scheme", ["components", "securitySchemes", name], name);
  }
  for (const [, item, path] of pathItems(record.document))
    reportKeys(record, "path-key", item, PATH_ITEM, path);
}

function reportKeys(
  record: Recorder,
  rule: "root-key" | "info-key" | "path-key",
  owner: JsonObject,
  kept: ReadonlySet<string>,
  path: Path,
): void {
  for (const key of Object.keys(owner)) if (!kept.has(key)) record.compiling(rule, [...path, key], key);
}
