import { isMap, parse } from "yaml";
import { UserError } from "../../../lib/error";
import { stackFileName } from "../../../offline/recording/stack-file";
import { blockOf, withNewService, withService } from "./blocks";
import type { StackChange } from "./change";
import { findService, requireService, type StackFile } from "./stack-file";

/** Keys that each stack keeps for itself: where a service runs, its domain name there, and its roll-back. */
const PER_STACK = ["backend", "port", "domain", "deployment"];

export interface PromoteOptions {
  /** Backend of a service that the target does not have yet, as in the settings: `{ instances: [i-…] }`. */
  backend?: string;
  /** Its port there, if it differs. */
  port?: number;
}

/**
 * The target's settings with a service's settings copied from another stack, comments included. The target keeps its PER_STACK
 * keys.
 *
 * @throws UserError when the target lacks the service and no backend is given, when it has the service and one is given, and when
 * the copied settings contain ids or ARNs of the other stack's account
 */
export function promote(
  from: StackFile,
  to: StackFile,
  service: string,
  options: PromoteOptions = {},
): StackChange {
  if (from.stack === to.stack) throw new UserError(`--from and --to are both ${to.stack}.`);
  const source = blockOf(from, requireService(from, service));
  const existing = findService(to, service);
  if (!isMap(existing)) {
    perStackKeys(source.keys, to, () => false);
    return { file: to, text: withNewService(to, newService(source.keys, to, service, options)) };
  }

  if (options.backend !== undefined || options.port !== undefined) {
    throw new UserError(
      `${stackFileName(to.stack)} already sets where ${service} runs. Omit --backend and --port, or edit the file.`,
    );
  }
  const target = blockOf(to, existing);
  const kept = perStackKeys(source.keys, to, (key) => target.keys.has(key));
  const keys = new Map<string, string[]>();
  for (const [key, lines] of target.keys) {
    const chosen = key === "name" || kept.includes(key) ? lines : source.keys.get(key);
    if (chosen) keys.set(key, chosen);
  }
  for (const [key, lines] of source.keys) {
    if (!keys.has(key) && !kept.includes(key)) keys.set(key, lines);
  }
  return { file: to, text: withService(to, target, keys) };
}

/** Ids of EC2 and VPC resources, and ARNs that contain an account id. */
const ACCOUNT_IDS =
  /\b(?:i|subnet|sg|vpc|vpce|eni|eipalloc)-[0-9a-f]{8,17}\b|\barn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:[^\s"',}\]]+/g;

/**
 * Keys that the target keeps: PER_STACK, and those with ids of the other stack, as the verbatim parts of an adopted service can have.
 *
 * @throws UserError for such a key that the target does not have
 */
function perStackKeys(source: Map<string, string[]>, to: StackFile, has: (key: string) => boolean): string[] {
  const foreign = [...source].flatMap(([key, lines]) => {
    const ids = PER_STACK.includes(key) ? [] : (lines.join("\n").match(ACCOUNT_IDS) ?? []);
    const found = [...new Set(ids)].filter((id) => !to.text.includes(id));
    return found.length > 0 ? [{ key, found }] : [];
  });
  const missing = foreign.filter(({ key }) => !has(key));
  if (missing.length > 0) {
    const lines = missing.map(({ key, found }) => `  ${key}: ${found.join(", ")}`);
    throw new UserError(
      `Not copied: these keys refer to resources of the other stack that ${stackFileName(to.stack)} does not mention.\n${lines.join("\n")}\nAdd the keys there by hand with ${to.stack}'s own values; promote keeps them from then on.`,
    );
  }
  return [...PER_STACK, ...foreign.map(({ key }) => key)];
}

function newService(
  source: Map<string, string[]>,
  to: StackFile,
  service: string,
  { backend, port }: PromoteOptions,
): Map<string, string[]> {
  if (backend === undefined) {
    throw new UserError(
      `${stackFileName(to.stack)} has no ${service} yet. Give its backend there: --backend '{ instances: [i-…] }' (and --port, if it differs).`,
    );
  }
  try {
    parse(backend);
  } catch (error) {
    throw new UserError(
      `--backend is not YAML: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    );
  }
  const keys = new Map(source);
  for (const key of PER_STACK) if (key !== "port" && key !== "backend") keys.delete(key);
  keys.set("backend", [`backend: ${backend}`]);
  if (port !== undefined) keys.set("port", [`port: ${port}`]);
  return keys;
}
