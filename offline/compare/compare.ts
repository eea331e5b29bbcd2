import { isDeepStrictEqual } from "node:util";
import { type Cost, costOf } from "../cost/cost";
import { compareRoutes, type RouteChange, widenedLevels } from "./access";
import type { PlanJson } from "./base";
import { compareResources, type Identity, type ResourceChange } from "./resources";
import { type AccessSettings, addressChange } from "./settings";
import { type CallerChange, callerChanges } from "./specs";

/** One side of a comparison. */
export interface Side {
  plan: PlanJson;
  settings: AccessSettings;
}

/** What a commit does to a stack, compared with another. */
export interface Comparison {
  stack: string;
  /** Short id of the commit compared with. */
  base: string;
  /** Why there is nothing to compare with; the rest is then today's plan alone. */
  unknown?: string;
  /** There was something to compare with, and it could not be: nobody can say that access is not weakened. */
  blind?: boolean;
  routes: RouteChange[];
  /** Levels that more groups hold than before. */
  widened: { level: string; admitted: string[] }[];
  /** Levels that fewer groups hold, with who lost them. */
  narrowed: { level: string; admitted: string[] }[];
  /** Addresses that the web ACL admits now, or no longer; `open` when it is gone. */
  addresses: { added: string[]; removed: string[]; open: boolean };
  /** Somebody else vouches for callers, or for other ones. */
  identity: boolean;
  pins: { service: string; before?: string; after?: string }[];
  /** Parameters, bodies and answers, by service. */
  callers: CallerChange[];
  /** How much there is, where there is nothing to compare with. */
  size: { resources: number; routes: number };
  resources: ResourceChange[];
  findings: (PlanJson["findings"][number] & { isNew: boolean })[];
  quotas: (PlanJson["quotas"][number] & { before?: number })[];
  cost: Cost;
  costBefore?: Cost;
}

/** @param identities see `compareResources` */
export function compare(
  args: { stack: string; base: string; before?: Side; why?: string; absent?: boolean; after: Side },
  identities: Identity[] = [],
): Comparison {
  const { stack, base, before, after, why, absent } = args;
  const then = before ?? after;
  const known = new Set(before?.plan.findings.map(findingKey));
  const quotaThen = new Map(before?.plan.quotas.map(({ name, used }) => [name, used]));
  return {
    stack,
    base,
    ...(before ? {} : { unknown: why ?? "there is nothing to compare with", blind: absent !== true }),
    routes: compareRoutes(
      { routes: then.plan.routes, levels: then.settings.levels },
      { routes: after.plan.routes, levels: after.settings.levels },
    ),
    widened: widenedLevels(then.settings.levels, after.settings.levels),
    narrowed: widenedLevels(after.settings.levels, then.settings.levels),
    addresses: {
      ...addressChange(then.settings.addresses ?? [], after.settings.addresses ?? []),
      open: then.settings.addresses !== undefined && after.settings.addresses === undefined,
    },
    identity:
      then.settings.identity !== undefined &&
      !isDeepStrictEqual(then.settings.identity, after.settings.identity),
    pins: pinChanges(then.settings.pins, after.settings.pins),
    callers: callerChanges(then.plan, after.plan),
    size: { resources: after.plan.resources.length, routes: after.plan.routes.length },
    resources: compareResources(then.plan.resources, after.plan.resources, identities),
    findings: after.plan.findings.map((finding) => ({
      ...finding,
      isNew: before !== undefined && !known.has(findingKey(finding)),
    })),
    quotas: after.plan.quotas.map((quota) => ({ ...quota, before: quotaThen.get(quota.name) })),
    cost: costOf(after.plan.resources, { region: after.settings.region }),
    ...(before ? { costBefore: costOf(before.plan.resources, { region: before.settings.region }) } : {}),
  };
}

/** Without the line: lines move. */
const findingKey = ({ level, rule, where, message }: PlanJson["findings"][number]) =>
  [level, rule, where.replace(/(:\d+)+$/, ""), message].join("\n");

function pinChanges(before: Record<string, string>, after: Record<string, string>): Comparison["pins"] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((service) => before[service] !== after[service])
    .map((service) => ({ service, before: before[service], after: after[service] }));
}
