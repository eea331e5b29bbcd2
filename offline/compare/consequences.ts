import { definitionsOf, type Side } from "./plan-json";
import type { ComparedResource, ResourceChange } from "./resources";

/** What callers of an API notice of a change. `cut`: some requests fail. `gone`: an address stops working, as asked. */
export type Effect = "drained" | "cut" | "outage" | "gone" | "refused";

interface Entry {
  effect: Effect;
  /** How long, about, in minutes */
  minutes?: [from: number, to: number];
  why: string;
  /** How to do it without the effect */
  steps?: string;
}

/** Every change that callers notice. docs/changes.md lists them by what an operator does; tests/engine runs them. */
export const CONSEQUENCES = {
  "fixed-address": {
    effect: "outage",
    minutes: [5, 10],
    why: "two load balancers cannot have one address, so the old one is deleted before the new one is created",
  },
  "load-balancer": {
    effect: "drained",
    why: "the update waits until the new load balancer has healthy targets; then requests move to it",
  },
  targets: {
    effect: "cut",
    why: "the update waits until a new target is healthy, but the load balancer still opens connections to the old instances for a minute or two after they are deregistered",
  },
  port: {
    effect: "drained",
    why: "the update waits until a target of the new port is healthy; then requests move to it",
  },
  swapped: {
    effect: "outage",
    minutes: [1, 5],
    why: "for a while callers of one service reach the backend of the other",
    steps:
      "move one service to a free port, then the other to the port it had, then the first to the free one; each in an update",
  },
  proxies: {
    effect: "drained",
    why: "the update waits until an instance is healthy; then requests move to it",
  },
  partner: {
    effect: "outage",
    minutes: [4, 6],
    why: "the proxies that are in use may no longer call the partner's old addresses, and are replaced after that",
    steps:
      "add the new addresses beside the old ones, wait until the proxies are replaced, then remove the old ones",
  },
  "proxies-replaced": {
    effect: "drained",
    why: "the proxies are replaced one after another by ones with the new configuration",
  },
  mapping: {
    effect: "outage",
    why: "its domain name is mapped to another API, and callers get 403 in the seconds between the two mappings",
  },
  "address-removed": {
    effect: "gone",
    why: "callers of the old address get no answer",
    steps:
      "add a second service entry with the new address first, and remove the old one when nobody calls it",
  },
  "authorizer-cache": {
    effect: "cut",
    why: "until the old time has passed, a cached answer for one method may refuse the caller another one (403)",
  },
  "level-of-pin": {
    effect: "outage",
    why: "it may use a level that is removed with its function: the routes of that level answer 500",
    steps:
      "remove the pin, then the level; keep the level until the deployments that use it are pruned, as a rollback needs it",
  },
  protected: {
    effect: "refused",
    why: "Pulumi and AWS refuse to delete a protected load balancer or domain name",
    steps: "set gateway:protect: false, run the update, then make this change",
  },
} satisfies Record<string, Entry>;

export interface Consequence extends Entry {
  id: keyof typeof CONSEQUENCES;
  /** Names of services, or addresses that are removed. */
  for: string[];
  /** URNs of the changed resources that cause it. */
  causes: string[];
}

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping";
const DOMAIN = "aws:apigateway/domainName:DomainName";
const INSTANCE_TARGET = "aws:lb/targetGroupAttachment:TargetGroupAttachment";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const PROXY_TARGET = "aws:autoscaling/attachment:Attachment";

/** What the changes do to the callers of the APIs that both commits have. */
export function consequencesOf(before: Side, after: Side, changes: ResourceChange[]): Consequence[] {
  const found = new Map<Consequence["id"], Consequence>();
  const add = (id: Consequence["id"], name: string, ...causes: ResourceChange[]) => {
    const entry: Entry = CONSEQUENCES[id];
    const consequence = found.get(id) ?? { ...entry, id, for: [], causes: [] };
    consequence.for.push(name);
    consequence.causes.push(...causes.map(({ urn }) => urn));
    found.set(id, consequence);
  };
  const of = (type: string, ...kinds: ResourceChange["kind"][]) =>
    changes.filter((change) => change.type === type && kinds.includes(change.kind));
  const changed = new Map(changes.map((change) => [change.urn, change]));
  const [old, current] = [servicesOf(before), servicesOf(after)];
  const kept = [...current.keys()].filter((service) => old.has(service));

  const groupsBefore = new Set(
    before.plan.resources.filter(({ type }) => type === TARGET_GROUP).map(({ urn }) => urn),
  );
  const replaced = of(LOAD_BALANCER, "replace", "delete");
  for (const service of replaced.length > 0 ? kept : [])
    add(hasFixedAddresses(after) ? "fixed-address" : "load-balancer", service, ...replaced);
  for (const service of replaced.length > 0 ? [] : kept) {
    const change = targetChange(old.get(service) ?? [], current.get(service) ?? [], changed, groupsBefore);
    if (change) add(change.id, service, ...change.causes);
    else if (losesPartner(service, before, after)) add("partner", service);
    else if (proxiesChange(current.get(service) ?? [], changes)) add("proxies-replaced", service);
  }
  for (const mapping of of(MAPPING, "replace")) add("mapping", addressOf(mapping.urn, after), mapping);
  const addresses = new Set(mappingsOf(after).map(({ address }) => address));
  for (const { address, urn } of mappingsOf(before)) {
    const change = changed.get(urn);
    if (!addresses.has(address)) add("address-removed", address, ...(change ? [change] : []));
  }
  for (const service of kept) if (lowersCache(service, before, after)) add("authorizer-cache", service);
  const levelRemoved = Object.keys(before.settings.levels).some((level) => !(level in after.settings.levels));
  for (const [service, deployment] of levelRemoved ? Object.entries(after.settings.pins) : [])
    add("level-of-pin", `${service} (deployment ${deployment})`);
  if (before.settings.protect) {
    for (const change of [...of(DOMAIN, "delete", "replace"), ...replaced])
      add("protected", change.name, change);
  }
  return [...found.values()];
}

/** Each service's resources. */
function servicesOf({ plan: { resources } }: Side): Map<string, ComparedResource[]> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ownerOf = ({ type, name, parent }: ComparedResource): string | undefined => {
    if (type.endsWith(":ApiService")) return name;
    const above = byUrn.get(parent ?? "");
    return above && ownerOf(above);
  };
  const services = new Map<string, ComparedResource[]>();
  for (const resource of resources) {
    const owner = ownerOf(resource);
    if (owner !== undefined) services.set(owner, [...(services.get(owner) ?? []), resource]);
  }
  return services;
}

/** Whether requests move to targets that are all new, and which. */
function targetChange(
  before: ComparedResource[],
  after: ComparedResource[],
  changed: Map<string, ResourceChange>,
  groupsBefore: ReadonlySet<string>,
): { id: Consequence["id"]; causes: ResourceChange[] } | undefined {
  const targets = (resources: ComparedResource[]) =>
    resources.filter(({ type }) => type === INSTANCE_TARGET || type === PROXY_TARGET);
  const earlier = new Set(targets(before).map(({ urn }) => urn));
  const isNew = ({ urn }: ComparedResource) => !earlier.has(urn) || changed.get(urn)?.kind === "replace";
  const current = targets(after);
  if (earlier.size === 0 || current.length === 0 || !current.every(isNew)) return undefined;
  const causes = current.flatMap(({ urn }) => changed.get(urn) ?? []);
  const groupOf = (resources: ComparedResource[]) => resources.find(({ type }) => type === TARGET_GROUP);
  const [earlierGroup, group] = [before, after].map((resources) => groupOf(resources)?.urn);
  if (group !== undefined && group !== earlierGroup)
    return { id: groupsBefore.has(group) ? "swapped" : "port", causes };
  if (changed.get(group ?? "")?.kind === "replace") return { id: "port", causes };
  return { id: targets(before).some(({ type }) => type === INSTANCE_TARGET) ? "targets" : "proxies", causes };
}

/** The proxies get another configuration: their launch template changes. */
function proxiesChange(resources: ComparedResource[], changes: ResourceChange[]): boolean {
  return (
    resources.some(({ type }) => type === PROXY_TARGET) &&
    changes.some(({ type, kind }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && kind === "update")
  );
}

/** The partner's host differs, and a range that the proxies call is no longer allowed. */
function losesPartner(service: string, before: Side, after: Side): boolean {
  const [old, current] = [before.settings.partners?.[service], after.settings.partners?.[service]];
  if (!old || !current) return false;
  return old.addresses.some((range) => !current.addresses.includes(range)) && old.host !== current.host;
}

function hasFixedAddresses({ plan: { resources } }: Side): boolean {
  return resources.some(
    ({ type, inputs }) =>
      type === LOAD_BALANCER && JSON.stringify(inputs.subnetMappings ?? []).includes("privateIpv4Address"),
  );
}

function mappingsOf({ plan: { resources } }: Side): { urn: string; address: string }[] {
  return resources
    .filter(({ type }) => type === MAPPING || type === "aws:apigateway/basePathMapping:BasePathMapping")
    .map(({ urn, inputs }) => {
      const path = inputs.apiMappingKey ?? inputs.basePath;
      return { urn, address: path ? `${inputs.domainName}/${path}` : String(inputs.domainName) };
    });
}

function addressOf(urn: string, side: Side): string {
  return mappingsOf(side).find((mapping) => mapping.urn === urn)?.address ?? urn;
}

/** Functions answer for one method when nothing is cached; a stage that still caches keeps that answer for all. */
function lowersCache(service: string, before: Side, after: Side): boolean {
  const seconds = (side: Side) => {
    const body = definitionsOf(side.plan).get(service) ?? "";
    return Math.max(
      0,
      ...[...body.matchAll(/"authorizerResultTtlInSeconds":(\d+)/g)].map(([, ttl]) => Number(ttl)),
    );
  };
  return seconds(before) > 0 && seconds(after) === 0;
}
