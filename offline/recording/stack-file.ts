import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { UserError } from "../../lib/error";
import { type Finding, FindingsError } from "../../lib/finding";
import { isObject, type JsonObject } from "../../lib/json";
import { didYouMean } from "../../lib/nearest";

export interface StackFile {
  /** Project name in Pulumi.yaml. */
  project: string;
  /** Folder of the program: `main` in Pulumi.yaml, or else the folder of Pulumi.yaml. */
  main: string;
  /** Config as the engine hands it to a program: every key with its namespace, objects as JSON text. */
  config: Record<string, string>;
  secretKeys: string[];
}

/** Replaces `secure:` values, which only the stack's key can decrypt. */
const secretPlaceholder = "secret-of-the-stack";

/** Reads Pulumi.yaml and `Pulumi.<stack>.yaml` under `root` the way the Pulumi engine does. */
export function readStack(root: string, stack: string, override: JsonObject = {}): StackFile {
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = String(project.name);
  const { config: given } = readYaml(stackFilePath(root, stack));
  const values = { ...defaults(project), ...objectOrEmpty(given), ...override };
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const full = key.includes(":") ? key : `${name}:${key}`;
    const { plain, secret } = withoutSecrets(value);
    if (secret) secretKeys.push(full);
    config[full] = typeof plain === "string" ? plain : JSON.stringify(plain);
  }
  return { project: name, main: resolve(root, String(project.main ?? "")), config, secretKeys };
}

export const stackFileName = (stack: string) => `Pulumi.${stack}.yaml`;

/** Path of a stack's file. @throws UserError with the stacks that there are */
export function stackFilePath(root: string, stack: string): string {
  const path = join(root, stackFileName(stack));
  if (existsSync(path)) return path;
  const stacks = stacksIn(root);
  throw new UserError(
    `There is no ${stackFileName(stack)} in ${root}.${didYouMean(stack, stacks)} Stacks here: ${stacks.join(", ") || "none"}.`,
  );
}

/** Names of the stacks that have a file under `root`. */
export function stacksIn(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([\w-]+)\.ya?ml$/.exec(file)?.[1])
    .filter((stack) => stack !== undefined)
    .sort();
}

function readYaml(file: string): JsonObject {
  if (!existsSync(file)) throw new UserError(`There is no ${file}.`);
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter, prettyErrors: false });
  const problems = document.errors.map(({ message, pos: [at] }) => {
    const { line, col } = lineCounter.linePos(at);
    return invalidYaml(`${basename(file)}:${line}:${col}`, message);
  });
  if (problems.length > 0) throw new FindingsError(problems);
  try {
    return objectOrEmpty(document.toJS());
  } catch (error) {
    // Aliases are resolved by toJS.
    throw new FindingsError([invalidYaml(basename(file), (error as Error).message)]);
  }
}

function invalidYaml(where: string, message: string): Finding {
  return { level: "error", rule: "settings", where, message: `not valid YAML: ${message}` };
}

/** Project-level config: `key: { default | value }` or, without a type, the plain value. */
function defaults(project: JsonObject): JsonObject {
  const found: JsonObject = {};
  for (const [key, value] of Object.entries(objectOrEmpty(project.config))) {
    const { default: byDefault, value: given, type } = objectOrEmpty(value);
    const chosen =
      given ?? byDefault ?? (type === undefined && typeof value !== "object" ? value : undefined);
    if (chosen !== undefined) found[key] = chosen;
  }
  return found;
}

function withoutSecrets(value: unknown): { plain: unknown; secret: boolean } {
  let secret = false;
  const plain = strip(value);
  return { plain, secret };

  function strip(part: unknown): unknown {
    if (Array.isArray(part)) return part.map(strip);
    if (typeof part !== "object" || part === null) return part;
    const entries = Object.entries(part);
    if (entries.length === 1 && entries[0]?.[0] === "secure") {
      secret = true;
      return secretPlaceholder;
    }
    return Object.fromEntries(entries.map(([key, child]) => [key, strip(child)]));
  }
}

function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
