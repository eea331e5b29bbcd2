import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, list, objectAt, strings } from "../../policies/values";
import type { Levels } from "./access";

/** What of a stack's settings says who may call, read loosely: another commit's settings may have another shape. */
export interface AccessSettings {
  levels: Levels;
  /** Addresses that the web ACL admits; undefined where everyone may call. */
  addresses?: string[];
  /** Deployment ids that services are pinned to. */
  pins: Record<string, string>;
  region?: string;
}

export function readAccessSettings(root: string, stack: string): AccessSettings {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const document: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : undefined;
  const config = (isObject(document) && objectAt(document, "config")) || {};
  const allow = objectAt(config, "gateway:allow");
  const services = list(config["gateway:services"]).filter(isObject);
  return {
    levels: levelsOf(objectAt(config, "gateway:levels") ?? {}),
    ...(allow ? { addresses: strings(allow.addresses) } : {}),
    pins: Object.fromEntries(
      services.flatMap(({ name, deployment }) =>
        typeof name === "string" && deployment !== undefined ? [[name, String(deployment)]] : [],
      ),
    ),
    ...(typeof config["aws:region"] === "string" ? { region: config["aws:region"] } : {}),
  };
}

function levelsOf(levels: Record<string, unknown>): Levels {
  return Object.fromEntries(
    Object.entries(levels)
      .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
      .map(([name, { groups, includes }]) => [
        name,
        { groups: strings(groups), includes: strings(includes) },
      ]),
  );
}

/** Texts of `after` that `before` lacks, and the other way round. */
export function listChange(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((item) => !before.includes(item)),
    removed: before.filter((item) => !after.includes(item)),
  };
}
