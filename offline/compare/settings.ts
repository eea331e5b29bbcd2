import { existsSync, readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, objectAt, strings, toList } from "../../lib/json";
import type { Levels } from "./access";

/** What of a stack's settings says who may call, read loosely: another commit's settings may have another shape. */
export interface AccessSettings {
  levels: Levels;
  /** Addresses that the web ACL admits; undefined where everyone may call. */
  addresses?: string[];
  /** Who vouches for callers, without where its secrets lie. */
  identity?: Record<string, unknown>;
  /** Deployment ids that services are pinned to. */
  pins: Record<string, string>;
  region?: string;
}

export function readAccessSettings(root: string, stack: string): AccessSettings {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const document: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : undefined;
  const config = (isObject(document) && objectAt(document, "config")) || {};
  const allow = objectAt(config, "gateway:allow");
  const identity = objectAt(config, "gateway:identity");
  const services = toList(config["gateway:services"]).filter(isObject);
  return {
    levels: levelsOf(objectAt(config, "gateway:levels") ?? {}),
    ...(allow ? { addresses: strings(allow.addresses) } : {}),
    ...(identity ? { identity: withoutSecrets(identity) } : {}),
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

/** A secret that moves is no other provider. */
function withoutSecrets(identity: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(identity).map(([provider, keys]) => {
      if (!isObject(keys)) return [provider, keys];
      const { secretArn: _arn, secretKeyArn: _key, ...told } = keys;
      return [provider, told];
    }),
  );
}

/** Ranges of `after` that no range of `before` holds, and ranges of `before` that none of `after` does. */
export function addressChange(before: string[], after: string[]): { added: string[]; removed: string[] } {
  const outside = (ranges: string[], others: string[]) =>
    ranges.filter((range) => !others.some((other) => holds(other, range)));
  return { added: outside(after, before), removed: outside(before, after) };
}

function holds(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const [wide, narrow] = [rangeOf(outer), rangeOf(inner)];
  if (!wide || !narrow || wide.family !== narrow.family || wide.prefix > narrow.prefix) return false;
  const list = new BlockList();
  list.addSubnet(wide.address, wide.prefix, wide.family);
  return list.check(narrow.address, narrow.family);
}

/** Undefined for what is no range: settings of another commit may hold anything. */
function rangeOf(text: string) {
  const [address = "", length] = text.split("/");
  const version = isIP(address);
  if (version === 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > longest) return undefined;
  return { address, prefix, family: version === 4 ? ("ipv4" as const) : ("ipv6" as const) };
}
