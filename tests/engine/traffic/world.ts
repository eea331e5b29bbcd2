import type { Operation } from "../engine";
import { type ProxyRelease, proxyRelease } from "./proxy-release";

type Inputs = Record<string, unknown>;

/** A resource that AWS holds. */
export interface Resource {
  id: string;
  /** The last part of its Pulumi type, e.g. `Listener`. */
  kind: string;
  name: string;
  inputs: Inputs;
}

/** One target as a load balancer sees it: an instance, or the proxies of one release. */
export interface Target {
  /** Of the registration, and of the release where the target is one of several. */
  key: string;
  /** Instance id; absent for proxies. */
  instance?: string;
  release?: ProxyRelease;
  port: number;
}

/**
 * What AWS holds, step by step through a run of the engine, and how it lags behind the API calls: a registered target
 * is `initial` until time passes, an Auto Scaling group runs the release before the current one until its instance
 * refresh is over, a deregistered target still receives connections. Time passes only in `wait` and `settle`.
 */
export class World {
  readonly #resources = new Map<string, Resource>();
  /** What each deployment froze; deployments that Pulumi leaves in AWS stay. */
  readonly definitions = new Map<string, string>();
  /** Keys of targets that passed their health checks. */
  readonly healthy = new Set<string>();
  /** Registrations that were deleted, while the load balancer may still use them. */
  draining: Resource[] = [];
  /** By load balancer: the zones that it had, while AWS takes minutes to provision others. */
  readonly zonesBefore = new Map<string, unknown>();
  /** The releases that run in each Auto Scaling group, oldest first. */
  readonly releases = new Map<string, ProxyRelease[]>();
  /** Answers of data sources: addresses that AWS chose, by load balancer and subnet; interfaces, by instance. */
  readonly addresses = new Map<string, string>();
  readonly interfaces = new Map<string, string>();

  clone(): World {
    const copy = new World();
    for (const [key, resource] of this.#resources) copy.#resources.set(key, resource);
    for (const name of ["definitions", "addresses", "interfaces"] as const) {
      for (const [key, value] of this[name]) copy[name].set(key, value);
    }
    for (const [key, value] of this.zonesBefore) copy.zonesBefore.set(key, value);
    for (const [key, value] of this.releases) copy.releases.set(key, [...value]);
    for (const key of this.healthy) copy.healthy.add(key);
    copy.draining = [...this.draining];
    return copy;
  }

  get resources(): Resource[] {
    return [...this.#resources.values()];
  }

  all(kind: string): Resource[] {
    return this.resources.filter((resource) => resource.kind === kind);
  }

  find(kind: string, matches: Inputs): Resource | undefined {
    return this.all(kind).find(({ inputs }) =>
      Object.entries(matches).every(([key, value]) => inputs[key] === value),
    );
  }

  get(kind: string, id: unknown): Resource | undefined {
    return this.#resources.get(`${kind} ${id}`);
  }

  apply({ op, type, name, id = "", inputs = {}, args = {}, answer = {} }: Operation): void {
    const kind = type.split(":").pop() as string;
    const key = `${kind} ${id}`;
    if (op === "invoke") {
      this.#learn(kind, args, answer);
    } else if (op === "delete") {
      const gone = this.#resources.get(key);
      this.#resources.delete(key);
      if (gone?.kind === "TargetGroupAttachment") this.draining.push(gone);
      if (gone?.kind === "Listener") this.#forgetHealth();
    } else {
      if (op === "update" && kind === "LoadBalancer")
        this.zonesBefore.set(id, this.#resources.get(key)?.inputs.subnetMappings);
      this.#resources.set(key, { id, kind, name, inputs });
      if (kind === "Listener") this.#forgetHealth();
      if (kind === "Deployment") {
        this.definitions.set(id, String(this.get("RestApi", inputs.restApi)?.inputs.body));
      }
    }
  }

  /** Nobody checks the targets of a target group that no listener uses. */
  #forgetHealth(): void {
    const listeners = JSON.stringify(this.all("Listener").map(({ inputs }) => inputs.defaultActions));
    for (const targetGroup of this.all("TargetGroup")) {
      if (listeners.includes(targetGroup.id)) continue;
      for (const { key } of this.targets(targetGroup)) this.healthy.delete(key);
    }
  }

  #learn(source: string, args: Inputs, answer: Inputs): void {
    if (source === "getInstance") this.interfaces.set(String(answer.id), String(answer.networkInterfaceId));
    if (source !== "getNetworkInterface") return;
    const [description, subnet] = (args.filters as { values: string[] }[]).map(({ values }) => values[0]);
    this.addresses.set(`${description} ${subnet}`, String(answer.privateIp));
  }

  /** The registered targets of a target group. */
  targets(targetGroup: Resource): Target[] {
    const port = Number(targetGroup.inputs.port);
    const instances = this.all("TargetGroupAttachment")
      .filter(({ inputs }) => inputs.targetGroupArn === targetGroup.id)
      .map(({ id, inputs }) => ({
        key: id,
        instance: String(inputs.targetId),
        port: Number(inputs.port ?? port),
      }));
    const proxies = this.all("Attachment")
      .filter(({ inputs }) => inputs.lbTargetGroupArn === targetGroup.id)
      .flatMap(({ id, inputs }) =>
        this.#releasesOf(String(inputs.autoscalingGroupName)).map((release) => ({
          key: `${id} ${release.id}`,
          release,
          port,
        })),
      );
    return [...instances, ...proxies];
  }

  /** The offline provider answers no name for a group; without one the stack's only group is meant. */
  #releasesOf(group: string): ProxyRelease[] {
    const found = this.all("Group").find(
      ({ id, inputs }) => group === "" || [id, inputs.name].includes(group),
    );
    return (found && this.releases.get(found.id)) ?? [];
  }

  /** Minutes pass: each Auto Scaling group has started instances of its current release beside the old ones. */
  launch(): void {
    for (const group of this.all("Group")) {
      const { id } = group.inputs.launchTemplate as { id: string };
      const template = this.get("LaunchTemplate", id);
      if (!template) continue;
      const release = proxyRelease(template.inputs);
      const running = this.releases.get(group.id) ?? [];
      if (running.at(-1)?.id !== release.id) this.releases.set(group.id, [...running, release]);
    }
  }
}
