import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { RecordingError } from ".";

export interface StackFile {
  /** Project name in Pulumi.yaml. */
  project: string;
  /** Config as the engine hands it to a program: every key with its namespace, objects as JSON text. */
  config: Record<string, string>;
  secretKeys: string[];
}

/** Stands for a `secure:` value: only the stack's own key could decrypt it, and nothing local needs it. */
const secretStandIn = "secret-of-the-stack";

/** Reads Pulumi.yaml and `Pulumi.<stack>.yaml` under `root` the way the Pulumi engine does. */
export function readStack(root: string, stack: string, override: Record<string, unknown> = {}): StackFile {
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = String(project.name);
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(join(root, file))) {
    throw new RecordingError(
      `There is no ${file} in ${root}. Stacks here: ${stacksIn(root).join(", ") || "none"}.`,
    );
  }
  const values = { ...defaults(project), ...asMap(readYaml(join(root, file)).config), ...override };
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const full = key.includes(":") ? key : `${name}:${key}`;
    const { plain, secret } = withoutSecrets(value);
    if (secret) secretKeys.push(full);
    config[full] = typeof plain === "string" ? plain : JSON.stringify(plain);
  }
  return { project: name, config, secretKeys };
}

/** Names of the stacks that have a file under `root`. */
export function stacksIn(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([\w-]+)\.ya?ml$/.exec(file)?.[1])
    .filter((stack) => stack !== undefined)
    .sort();
}

function readYaml(file: string): Record<string, unknown> {
  if (!existsSync(file)) {
    throw new RecordingError(`There is no ${file}.`);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter, prettyErrors: false });
  const problems = document.errors.map(({ message, pos: [at] }) => {
    const { line, col } = lineCounter.linePos(at);
    return { where: `${basename(file)}:${line}:${col}`, message: `not valid YAML: ${message}` };
  });
  if (problems.length === 0) {
    try {
      return asMap(document.toJS());
    } catch (error) {
      // Aliases are resolved only now.
      problems.push({ where: basename(file), message: `not valid YAML: ${(error as Error).message}` });
    }
  }
  throw new RecordingError(problems.map(({ where, message }) => `${where}: ${message}`).join("\n"), problems);
}

/** Project-level config: `key: { default | value }` or, without a type, the plain value. */
function defaults(project: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(asMap(project.config))) {
    const { default: byDefault, value: given, type } = asMap(value) as Record<string, unknown>;
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
      return secretStandIn;
    }
    return Object.fromEntries(entries.map(([key, child]) => [key, strip(child)]));
  }
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
