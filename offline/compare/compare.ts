import { isDeepStrictEqual } from "node:util";
import { type Cost, costOf } from "../cost/cost";
import { compareRoutes, type RouteChange, widenedLevels } from "./access";
import { type Consequence, consequencesOf } from "./consequences";
import type { PlanJson, Side } from "./plan-json";
import { compareResources, type RecordedIds, type ResourceChange } from "./resources";
import { addressChange } from "./settings";
import { type CallerChange, callerChanges } from "./specs";

/** What a commit does to a stack, compared with another. */
export interface Comparison {
  stack: string;
  /** Short id of the commit compared with. */
  base: string;
  /** Why there is nothing to compare with; the rest then describes this commit's plan only. */
  unknown?: string;
  /** The base plan failed, so weakened access cannot be ruled out. */
  blind?: boolean;
  routes: RouteChange[];
  /** Levels that more groups hold than before. */
  widened: { level: string; admitted: string[] }[];
  /** Levels that fewer groups hold, with the groups that were removed. */
  narrowed: { level: string; admitted: string[] }[];
  /** Addresses that the web ACL now allows or no longer allows; `open` when it was removed. */
  addresses: { added: string[]; removed: string[]; open: boolean };
  /** The identity provider differs. */
  identity: boolean;
  pins: { service: string; before?: string; after?: string }[];
  /** Parameters, bodies and responses, by service. */
  callers: CallerChange[];
  /** For the headline when there is nothing to compare with. */
  size: { resources: number; routes: number };
  resources: ResourceChange[];
  /** What callers notice of the changes. */
  consequences: Consequence[];
  findings: (PlanJson["findings"][number] & { isNew: boolean })[];
  quotas: (PlanJson["quotas"][number] & { before?: number })[];
  cost: Cost;
  costBefore?: Cost;
}

/** @param recorded see `compareResources` */
export function compare(
  args: { stack: string; base: string; before?: Side; why?: string; absent?: boolean; after: Side },
  recorded: RecordedIds[] = [],
): Comparison {
  const { stack, base: commit, before, after, why, absent } = args;
  const base = before ?? after;
  const known = new Set(before?.plan.findings.map(findingKey));
  const resources = compareResources(base.plan.resources, after.plan.resources, recorded);
  const usedBefore = new Map(before?.plan.quotas.map(({ name, used }) => [name, used]));
  return {
    stack,
    base: commit,
    ...(before ? {} : { unknown: why ?? "there is nothing to compare with", blind: absent !== true }),
    routes: compareRoutes(
      { routes: base.plan.routes, levels: base.settings.levels },
      { routes: after.plan.routes, levels: after.settings.levels },
    ),
    widened: widenedLevels(base.settings.levels, after.settings.levels),
    narrowed: widenedLevels(after.settings.levels, base.settings.levels),
    addresses: {
      ...addressChange(base.settings.addresses ?? [], after.settings.addresses ?? []),
      open: base.settings.addresses !== undefined && after.settings.addresses === undefined,
    },
    identity:
      base.settings.identityProvider !== undefined &&
      !isDeepStrictEqual(base.settings.identityProvider, after.settings.identityProvider),
    pins: pinChanges(base.settings.pins, after.settings.pins),
    callers: callerChanges(base.plan, after.plan),
    size: { resources: after.plan.resources.length, routes: after.plan.routes.length },
    resources,
    consequences: consequencesOf(base, after, resources),
    findings: after.plan.findings.map((finding) => ({
      ...finding,
      isNew: before !== undefined && !known.has(findingKey(finding)),
    })),
    quotas: after.plan.quotas.map((quota) => ({ ...quota, before: usedBefore.get(quota.name) })),
    cost: costOf(after.plan.resources, { region: after.settings.region }),
    ...(before ? { costBefore: costOf(before.plan.resources, { region: before.settings.region }) } : {}),
  };
}

/** Without the line number, which changes with the lines above. */
const findingKey = ({ level, rule, where, message }: PlanJson["findings"][number]) =>
  [level, rule, where.replace(/(:\d+)+$/, ""), message].join("\n");

function pinChanges(before: Record<string, string>, after: Record<string, string>): Comparison["pins"] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((service) => before[service] !== after[service])
    .map((service) => ({ service, before: before[service], after: after[service] }));
}
