import { readFileSync } from "node:fs";
import { type Finding, FindingsError } from "../../lib/finding";
import { isObject, type JsonObject, objectAt, type Path, prop, toPointer } from "../../lib/json";
import { SpecDocument } from "../document";
import { shorten } from "../shorten";
import { Bundle, mayReferOutside } from "./bundle";
import { readJson } from "./json-source";
import type { Source } from "./source";
import { readYaml } from "./yaml-source";

/** Where files are read from; tests and editors replace it. */
export interface LoadIo {
  readFile(path: string): string;
  /** The file at a path, with symbolic links resolved; throws when there is none */
  realPath?(path: string): string;
}

/** A source with its text. */
export interface TextSource extends Source {
  text: string;
  /** Size of the text in bytes */
  bytes: number;
}

const disk: LoadIo = { readFile: (path) => readFileSync(path, "utf8") };

/**
 * Reads an OpenAPI 3.0 or 3.1 document (3.2 as far as it is 3.1), YAML or JSON, with the files that it references.
 * @param onReferences receives references that cannot be followed; without it they are thrown
 * @throws FindingsError with every reason why it cannot be read
 */
export function loadDocument(
  file: string,
  io: LoadIo = disk,
  onReferences?: (findings: Finding[]) => void,
): SpecDocument {
  const source = readSource(file, io);
  const root = apiOf(source);
  if (!mayReferOutside(source.text)) return documentOf(source, root);
  const bundle = new Bundle(file, source, (other) => readSource(other, io), io.realPath);
  const value = bundle.run();
  if (bundle.findings.length > 0) {
    if (!onReferences) throw new FindingsError(bundle.findings);
    onReferences(bundle.findings);
  }
  return documentOf(source, value, bundle);
}

/** The same for a text that is in memory; `name` is shown in findings. */
export function loadText(text: string, name = "spec"): SpecDocument {
  const source = parseSource(text, name);
  return documentOf(source, apiOf(source));
}

/** A document that was made in memory; findings show locations as `name#/paths/~1x/get`. */
export function loadValue(value: unknown, name = "definition"): SpecDocument {
  const source: TextSource = {
    name,
    value,
    text: "",
    bytes: 0,
    position: () => ({ line: 1, column: 1 }),
    written: () => undefined,
  };
  return new MadeDocument(name, apiOf(source), source);
}

class MadeDocument extends SpecDocument {
  override locate(path: Path): string {
    return `${this.file}#${toPointer(path)}`;
  }
}

/** Any YAML or JSON file, with positions (settings files are read with it). */
export function readSource(file: string, io: LoadIo = disk): TextSource {
  let text: string;
  try {
    text = io.readFile(file);
  } catch (error) {
    throw new FindingsError([
      refusal("unreadable-file", `${file}:1:1`, `The file cannot be read: ${reason(error)}`),
    ]);
  }
  return parseSource(text, file);
}

export function parseSource(text: string, name: string): TextSource {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const source = readJson(clean, name) ?? readYaml(clean, name);
  return Object.assign(source, { text: clean, bytes: Buffer.byteLength(clean) });
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "it does not exist.";
  if (code === "EISDIR") return "it is a folder.";
  if (code === "EACCES") return "permission denied.";
  return error instanceof Error ? error.message : String(error);
}

function refusal(rule: string, where: string, message: string): Finding {
  return { level: "error", rule, where, message: shorten(message) };
}

function apiOf(source: TextSource): JsonObject {
  // `openapi: 3.0` without quotes is the number 3 in YAML.
  if (typeof prop(source.value, "openapi") === "number")
    (source.value as JsonObject).openapi = source.written(["openapi"]) ?? prop(source.value, "openapi");
  const complaint = notOpenApi(source.value);
  if (complaint) {
    const { line, column } = source.position(complaint.at);
    const where = `${source.name}:${line}:${column}`;
    throw new FindingsError([refusal("not-openapi", where, complaint.message)]);
  }
  const root = source.value as JsonObject;
  const info = objectAt(root, "info");
  // `version: 1.10` without quotes is a number in YAML; AWS makes a string of it, and 1.1 would be another version.
  if (typeof info?.version === "number") {
    info.version = source.written(["info", "version"]) ?? String(info.version);
  }
  return root;
}

function documentOf(source: TextSource, root: JsonObject, bundle?: Bundle): SpecDocument {
  return new SpecDocument(source.name, root, source, bundle?.origins, source.bytes + (bundle?.bytes ?? 0));
}

/** Whether any x-amazon-apigateway-* is at the root or in an operation. */
function hasExtensions(root: JsonObject): boolean {
  const items = Object.values(objectAt(root, "paths") ?? {}).filter(isObject);
  const operations = items.flatMap((item) => Object.values(item).filter(isObject));
  return [root, ...items, ...operations].some((part) =>
    Object.keys(part).some((key) => key.startsWith("x-amazon-apigateway-")),
  );
}

function notOpenApi(root: unknown): { at: string[]; message: string } | undefined {
  if (!isObject(root)) return { at: [], message: "Not an OpenAPI document: the file is not a map of keys." };
  if (Object.hasOwn(root, "swagger")) {
    const how = hasExtensions(root)
      ? "Export the stage again as OpenAPI 3: `aws apigateway get-export --export-type oas30 --parameters extensions=apigateway` (in the console: OpenAPI 3 + API Gateway Extensions)."
      : "Convert the document to OpenAPI 3.0 (editor.swagger.io: Edit, Convert).";
    return { at: ["swagger"], message: `Swagger ${root.swagger} is not supported. ${how}` };
  }
  const version = prop(root, "openapi");
  if (version === undefined) return { at: [], message: 'Not an OpenAPI document: it has no key "openapi".' };
  if (!/^3\.[012](\.|$)/.test(String(version))) {
    const message = `OpenAPI ${JSON.stringify(version)} is not supported; 3.0.x and 3.1.x are, and 3.2.x as far as it is 3.1.`;
    return { at: ["openapi"], message };
  }
  for (const key of ["paths", "components", "info"]) {
    if (root[key] !== undefined && root[key] !== null && !isObject(root[key])) {
      return { at: [key], message: `Not an OpenAPI document: "${key}" has to be a map.` };
    }
  }
  if (!isObject(root.paths) && !isObject(root.webhooks) && !isObject(root.components)) {
    return {
      at: [],
      message: 'Not an OpenAPI document: it has none of "paths", "webhooks" and "components".',
    };
  }
  return undefined;
}
