import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccessLevels } from "../../lib/access-levels";
import { contains } from "../../lib/cidr";
import { isObject, type JsonObject, objectAt, strings, toList } from "../../lib/json";
import { isProduction } from "../../lib/production";

/** The settings that a comparison reads. Loosely, because another commit's settings may have another shape. */
export interface AccessSettings {
  levels: AccessLevels;
  /** Addresses that the web ACL allows; undefined where everyone may call. */
  addresses?: string[];
  /** The identity provider, without the locations of its secrets. */
  identityProvider?: Record<string, unknown>;
  /** Deployment ids that services are pinned to. */
  pins: Record<string, string>;
  /** The partner behind each service with PSC proxies: its host and the address ranges that the proxies may call. */
  partners?: Record<string, { host: string; addresses: string[] }>;
  /** Load balancers and domain names are protected from deletion. */
  protect?: boolean;
  region?: string;
}

export function readAccessSettings(root: string, stack: string): AccessSettings {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const document: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : undefined;
  const config = (isObject(document) && objectAt(document, "config")) || {};
  const allow = objectAt(config, "gateway:allow");
  const identityProvider = objectAt(config, "gateway:identity");
  const services = toList(config["gateway:services"]).filter(isObject);
  return {
    levels: levelsOf(objectAt(config, "gateway:levels") ?? {}),
    ...(allow ? { addresses: strings(allow.addresses) } : {}),
    ...(identityProvider ? { identityProvider: withoutSecrets(identityProvider) } : {}),
    pins: Object.fromEntries(
      services.flatMap(({ name, deployment }) =>
        typeof name === "string" && deployment !== undefined ? [[name, String(deployment)]] : [],
      ),
    ),
    partners: Object.fromEntries(services.flatMap(partnerOf)),
    protect: protectedStack(stack, config),
    ...(typeof config["aws:region"] === "string" ? { region: config["aws:region"] } : {}),
  };
}

function partnerOf({ name, backend }: JsonObject): [string, { host: string; addresses: string[] }][] {
  const psc = objectAt(backend, "psc");
  if (!psc) return [];
  return [[String(name), { host: String(psc.host), addresses: strings(psc.addresses) }]];
}

function protectedStack(stack: string, config: JsonObject): boolean {
  const [protect, production] = [config["gateway:protect"], config["gateway:production"]];
  if (typeof protect === "boolean") return protect;
  return isProduction(stack, typeof production === "boolean" ? production : undefined);
}

function levelsOf(levels: Record<string, unknown>): AccessLevels {
  return Object.fromEntries(
    Object.entries(levels)
      .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
      .map(([name, { groups, includes }]) => [
        name,
        { groups: strings(groups), includes: strings(includes) },
      ]),
  );
}

/** A secret in another location is still the same provider. */
function withoutSecrets(identity: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(identity).map(([provider, keys]) => {
      if (!isObject(keys)) return [provider, keys];
      const { secretArn: _arn, secretKeyArn: _key, ...rest } = keys;
      return [provider, rest];
    }),
  );
}

/** Ranges of `after` that are not within a range of `before`, and the reverse. */
export function addressChange(before: string[], after: string[]): { added: string[]; removed: string[] } {
  const outside = (ranges: string[], others: string[]) =>
    ranges.filter((range) => !others.some((other) => contains(other, range)));
  return { added: outside(after, before), removed: outside(before, after) };
}
