import { isMap, parse } from "yaml";
import { OpsError } from "../error";
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
 * @throws OpsError when the target does not have the service and nothing says where it runs there
 */
export function promote(
  from: StackFile,
  to: StackFile,
  service: string,
  options: PromoteOptions = {},
): StackChange {
  const source = blockOf(from, requireService(from, service));
  const existing = findService(to, service);
  if (!isMap(existing))
    return { file: to, text: withNewService(to, newService(source.keys, to, service, options)) };

  const target = blockOf(to, existing);
  const keys = new Map<string, string[]>();
  for (const [key, lines] of target.keys) {
    const taken = key === "name" || PLACE.includes(key) ? lines : source.keys.get(key);
    if (taken) keys.set(key, taken);
  }
  for (const [key, lines] of source.keys) {
    if (!keys.has(key) && !PLACE.includes(key)) keys.set(key, lines);
  }
  return { file: to, text: withService(to, target, keys) };
}

function newService(
  source: Map<string, string[]>,
  to: StackFile,
  service: string,
  { backend, port }: PromoteOptions,
): Map<string, string[]> {
  if (backend === undefined) {
    throw new OpsError(
      `${stackFileName(to.stack)} has no ${service} yet; say where it runs there: --backend '{ instances: [i-…] }' (and --port, if it is another).`,
    );
  }
  try {
    parse(backend);
  } catch (error) {
    throw new OpsError(
      `--backend is not YAML: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    );
  }
  const keys = new Map(source);
  for (const key of PLACE) if (key !== "port" && key !== "backend") keys.delete(key);
  keys.set("backend", [`backend: ${backend}`]);
  if (port !== undefined) keys.set("port", [`port: ${port}`]);
  return keys;
}
