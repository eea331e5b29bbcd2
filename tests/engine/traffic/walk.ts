import { brief, type Operation } from "../engine";
import type { Surroundings } from "./obstacle";
import { passesCheck } from "./targets";
import { type Api, apiName, apis, wayOf, whyCut, whyUnreachable } from "./trace";
import type { World } from "./world";

/** A stretch of a run during which requests of an API fail. */
export interface Outage {
  api: string;
  /** The first operation after which they fail. */
  after: string;
  /** The operation with which they succeed again, or `time passes` after the run; absent: they never do. */
  until?: string;
  reason: string;
}

/**
 * `nothing`: the way of the requests stays. `drained`: it moves, new requests go the new way and running ones end on
 * the old one. `cut`: as drained, but some requests fail. `outage`: at some time every request fails.
 */
export type Effect = "nothing" | "drained" | "cut" | "outage";

export interface Walk {
  /** By API, of those that were there before and still are. */
  effects: Record<string, Effect>;
  /** The world after the run, and after time has passed. */
  end: World;
  outages: Outage[];
  /** Why some requests of an API failed while others succeeded. */
  cuts: string[];
  /** APIs that callers knew before and that are gone in the end. */
  gone: string[];
  added: string[];
}

/** An operation that waits until every new target that can become healthy is. */
export const wait: Operation = { op: "wait", type: "", name: "" };

/** Minutes pass: new proxies come up and replace old ones, health checks run, deregistered targets are forgotten. */
export function pass(world: World): void {
  world.launch();
  world.draining = [];
  world.zonesBefore.clear();
  world.healthy.clear();
  for (const targetGroup of world.all("TargetGroup")) {
    for (const target of world.targets(targetGroup)) {
      if (passesCheck(world, targetGroup, target)) world.healthy.add(target.key);
    }
  }
  endRefreshes(world);
}

/** An old release ends when the current one is healthy in every target group that its instances are registered in. */
function endRefreshes(world: World): void {
  const targets = world.all("TargetGroup").flatMap((group) => world.targets(group));
  for (const [group, releases] of world.releases) {
    const current = releases.at(-1);
    const registered = targets.filter(({ release }) => release === current);
    if (current && registered.every(({ key }) => world.healthy.has(key)))
      world.releases.set(group, [current]);
  }
}

/** Walks a run's operations, and asks after each of them whether every API that stays is reached. */
export function walk(start: World, operations: Operation[], surroundings: Surroundings = {}): Walk {
  const end = start.clone();
  for (const operation of operations) step(end, operation);
  pass(end);
  pass(end);
  const before = apis(start).map(apiName);
  const after = apis(end).map(apiName);
  const staying = apis(start).filter((api) => after.includes(apiName(api)));
  const outages = staying.flatMap((api) => outagesOf(start, end, operations, api, surroundings));
  const cuts = staying.flatMap((api) => cutsOf(start, operations, api, surroundings));
  const effect = (api: Api): Effect => {
    if (outages.some((outage) => outage.api === apiName(api))) return "outage";
    if (cuts.some((cut) => cut.startsWith(`${apiName(api)}: `))) return "cut";
    const way = wayOf(end, api);
    return [...wayOf(start, api)].every((part) => way.has(part)) ? "nothing" : "drained";
  };
  return {
    end,
    effects: Object.fromEntries(staying.map((api) => [apiName(api), effect(api)])),
    outages,
    cuts,
    gone: before.filter((name) => !after.includes(name)),
    added: after.filter((name) => !before.includes(name)),
  };
}

function step(world: World, operation: Operation): void {
  if (operation.op === "wait") pass(world);
  else world.apply(operation);
}

function outagesOf(
  start: World,
  end: World,
  operations: Operation[],
  api: Api,
  surroundings: Surroundings,
): Outage[] {
  const world = start.clone();
  const outages: Outage[] = [];
  let open: Outage | undefined;
  const ask = (at: World, when: string) => {
    const reason = whyUnreachable(at, api, surroundings);
    if (reason && !open) {
      open = { api: apiName(api), after: when, reason };
      outages.push(open);
    } else if (!reason && open) {
      open.until = when;
      open = undefined;
    }
  };
  ask(world, "the start");
  for (const operation of operations) {
    step(world, operation);
    if (operation.op !== "invoke")
      ask(world, operation.op === "wait" ? "wait" : (brief([operation])[0] as string));
  }
  ask(end, "time passes");
  return outages;
}

function cutsOf(start: World, operations: Operation[], api: Api, surroundings: Surroundings): string[] {
  const world = start.clone();
  const reasons = operations.map((operation) => {
    step(world, operation);
    return whyUnreachable(world, api, surroundings) ? undefined : whyCut(world, api, surroundings);
  });
  return [...new Set(reasons.filter((reason) => reason !== undefined))].map(
    (reason) => `${apiName(api)}: ${reason}`,
  );
}
