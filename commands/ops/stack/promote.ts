import { isMap, parse } from "yaml";
import { UserError } from "../../../lib/error";
import { blockOf, withNewService, withService } from "./blocks";
import type { StackChange } from "./change";
import { findService, requireService, type StackFile, stackFileName } from "./stack-file";

/** Where a service runs, what it is called there and what it is rolled back to: each stack's own, never copied. */
const PLACE = ["backend", "port", "domain", "deployment"];

export interface PromoteOptions {
  /** Where a service that the target does not have yet runs there, as in the settings: `{ instances: [i-…] }`. */
  backend?: string;
  /** Its port there, when it is another. */
  port?: number;
}

/**
 * The target's settings with a service's settings taken over from another stack, comments included. What says where the service
 * runs stays the target's own.
 *
 * @throws UserError when the target does not have the service and nothing says where it runs there, when something says it of one
 * that the target has, and when what would be copied names a thing of the other stack's account
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
    ownKeys(source.keys, to, () => false);
    return { file: to, text: withNewService(to, newService(source.keys, to, service, options)) };
  }

  if (options.backend !== undefined || options.port !== undefined) {
    throw new UserError(
      `${stackFileName(to.stack)} says already where ${service} runs; leave --backend and --port away, or change it there.`,
    );
  }
  const target = blockOf(to, existing);
  const own = ownKeys(source.keys, to, (key) => target.keys.has(key));
  const keys = new Map<string, string[]>();
  for (const [key, lines] of target.keys) {
    const taken = key === "name" || own.includes(key) ? lines : source.keys.get(key);
    if (taken) keys.set(key, taken);
  }
  for (const [key, lines] of source.keys) {
    if (!keys.has(key) && !own.includes(key)) keys.set(key, lines);
  }
  return { file: to, text: withService(to, target, keys) };
}

/** Instances, subnets, security groups, links and everything with an account's number in its ARN. */
const FOREIGN =
  /\b(?:i|subnet|sg|vpc|vpce|eni|eipalloc)-[0-9a-f]{8,17}\b|\barn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:[^\s"',}\]]+/g;

/**
 * Keys that the target keeps its own of: where a service runs, and what names a thing of the other stack, as an adopted service's
 * verbatim parts can.
 *
 * @throws UserError for such a key that the target has none of
 */
function ownKeys(source: Map<string, string[]>, to: StackFile, has: (key: string) => boolean): string[] {
  const foreign = [...source].flatMap(([key, lines]) => {
    const ids = PLACE.includes(key) ? [] : (lines.join("\n").match(FOREIGN) ?? []);
    const found = [...new Set(ids)].filter((id) => !to.text.includes(id));
    return found.length > 0 ? [{ key, found }] : [];
  });
  const lacking = foreign.filter(({ key }) => !has(key));
  if (lacking.length > 0) {
    const lines = lacking.map(({ key, found }) => `  ${key}: ${found.join(", ")}`);
    throw new UserError(
      `Not copied: these name what is the other stack's, and ${stackFileName(to.stack)} does not know it.\n${lines.join("\n")}\nWrite the keys there by hand, with what ${to.stack} has in its place; they are left alone from then on.`,
    );
  }
  return [...PLACE, ...foreign.map(({ key }) => key)];
}

function newService(
  source: Map<string, string[]>,
  to: StackFile,
  service: string,
  { backend, port }: PromoteOptions,
): Map<string, string[]> {
  if (backend === undefined) {
    throw new UserError(
      `${stackFileName(to.stack)} has no ${service} yet; say where it runs there: --backend '{ instances: [i-…] }' (and --port, if it is another).`,
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
  for (const key of PLACE) if (key !== "port" && key !== "backend") keys.delete(key);
  keys.set("backend", [`backend: ${backend}`]);
  if (port !== undefined) keys.set("port", [`port: ${port}`]);
  return keys;
}
