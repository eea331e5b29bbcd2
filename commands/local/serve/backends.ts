import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProxyConfiguration } from "../../../components/backends/psc/nginx/configuration";
import { type Model, ownerOf, type Service } from "../../../offline/model";
import { traceBackend } from "../../../offline/wiring/route-to-backend";
import { textOf } from "../../../offline/wiring/rules";
import { type RunningProxy, startProxy } from "../nginx";
import { startStubBackend } from "../stub/backend";
import { exampleFinder } from "../stub/examples";
import { startTlsTunnel } from "./tls-tunnel";

/** What serves a service behind its target group. */
export interface ServedBackend {
  service: string;
  /** To show: `stub` or a URL, after the proxy in front of it if there is one. */
  description: string;
  origin: string;
  close(): void | Promise<void>;
}

export interface BackendOptions {
  /** Local processes by service name, e.g. `{ "entity-api": "http://localhost:5000" }`. */
  urls: Record<string, string>;
  /** OpenAPI document of each service, for the stubs' examples. */
  specs: Record<string, string>;
  root: string;
  log(line: string): void;
}

export interface Backends {
  byService: Map<string, ServedBackend>;
  /** Follows the declared resources from a VPC link to a backend; undefined when a request would not reach one. */
  connect(connectionId: string, authority: string): { origin: string } | undefined;
  close(): Promise<void>;
}

/** Starts a stub for each service without a local process, and the recorded Nginx proxies in front. */
export async function startBackends(model: Model, options: BackendOptions): Promise<Backends> {
  const served = model.services.filter((service) => service.name in options.urls || hasBackend(service));
  const plain = await Promise.all(served.map((service) => startBackend(service, options)));
  const byService = new Map(plain.map((backend) => [backend.service, backend]));
  const proxies = await startProxies(model, byService);
  const found = new Map<string, { origin: string } | undefined>();

  return {
    byService,
    connect(connectionId, authority) {
      const key = `${connectionId} ${authority}`;
      if (!found.has(key)) found.set(key, follow(connectionId, authority));
      return found.get(key);
    },
    async close() {
      await Promise.all([...plain, ...proxies].map((running) => running.close()));
    },
  };

  function follow(connectionId: string, authority: string): { origin: string } | undefined {
    let passes = true;
    const { targetGroup } = traceBackend(connectionId, authority, model, (rule, ...facts) => {
      passes = false;
      options.log(`${authority} cannot be reached [${rule}]: ${textOf(rule, ...facts)}`);
    });
    if (!passes || !targetGroup) return undefined;
    // The service that declares the target group runs on its targets, even when another service's requests arrive there.
    return byService.get(ownerOf(targetGroup, model.resources) ?? "");
  }
}

/** A retired API has none: functions answer all its requests. */
function hasBackend({ definition }: Service): boolean {
  return definition.integrations.some(({ type }) => type !== "aws_proxy");
}

async function startBackend(
  service: Service,
  { urls, specs, root, log }: BackendOptions,
): Promise<ServedBackend> {
  const { name } = service;
  const url = urls[name];
  if (url !== undefined) {
    const { origin, protocol } = new URL(url);
    if (protocol === "http:") return { service: name, description: url, origin, close: () => {} };
    return { service: name, description: url, ...(await startTlsTunnel(origin, log)) };
  }
  const spec = specs[name] === undefined ? undefined : join(root, specs[name]);
  let find: ReturnType<typeof exampleFinder> | undefined;
  const stub = await startStubBackend(name, (method, path) => {
    // Read at the first request: parsing every spec would slow down the start.
    find ??=
      spec && existsSync(spec) ? exampleFinder(spec, service.definition.integrations) : () => undefined;
    return find(method, path);
  });
  return { service: name, description: "stub", ...stub };
}

/** Starts the recorded Nginx configurations in front of their services' backends. */
async function startProxies(model: Model, byService: Map<string, ServedBackend>): Promise<RunningProxy[]> {
  return Promise.all(
    proxyConfigurations(model).map(async (configuration) => {
      const proxy = await startProxy({ configuration, upstream: ({ name }) => byService.get(name)?.origin });
      for (const { name, port } of configuration.services) {
        const backend = byService.get(name);
        if (!backend) continue;
        byService.set(name, {
          ...backend,
          origin: proxy.originFor(port),
          description: `${proxy.kind === "nginx" ? "Nginx" : "Nginx's stand-in"}, then ${backend.description}`,
        });
      }
      return proxy;
    }),
  );
}

/** One per proxy: the instance's and the component's outputs have the same one. */
function proxyConfigurations({ resources }: Model): ProxyConfiguration[] {
  const found = resources.all.flatMap(({ type, outputs }) => {
    const { configuration } = outputs as { configuration?: ProxyConfiguration };
    return /:PscProxy(Instance)?$/.test(type) && configuration?.services ? [configuration] : [];
  });
  return [
    ...new Map(
      found.map((configuration) => [JSON.stringify(configuration.services), configuration]),
    ).values(),
  ];
}
