import { getServers } from "node:dns";
import type { ProxyConfiguration, ProxyService } from "../../../components/backends/psc/nginx/configuration";
import { freePorts } from "./free-ports";
import { findNginx, startNginx } from "./nginx";
import { startStandIn } from "./stand-in";

/**
 * The reverse proxy of the PSC services, on this machine.
 *
 *     const proxy = await startProxy({ configuration, upstream: (service) => stubOrigin(service) });
 *     proxy.kind                   // "nginx", or "stand-in" where no usable Nginx is installed
 *     proxy.originFor(8443)        // "http://127.0.0.1:45123": where service port 8443 of the proxy is
 *     await proxy.close();
 *
 * `configuration` is what the program rendered for EC2 (an output of `PscProxy` and `PscProxyInstance`, under the
 * key `configuration`). It is rendered again by the same function with ports, folders and upstreams of this
 * machine; everything else (headers, limits, timeouts, accepted names) is as in EC2. Requests must carry the
 * load balancer's name as `Host`, as API Gateway's do: any other name gets no answer.
 */
export interface ProxyOptions {
  configuration: ProxyConfiguration;
  /**
   * Origin that stands in for the partner's machine, e.g. `http://127.0.0.1:4001`. With `https://` the recorded
   * CA and server name are verified; undefined: the recorded machine itself is called.
   */
  upstream?(service: ProxyService): string | undefined;
  /** PEM certificates trusted for https upstreams given by `upstream`, in place of the recorded ones. */
  ca?: string;
  /** Path of the `nginx` to run; default: the one on PATH; false: the stand-in in any case. */
  nginx?: string | false;
}

export interface RunningProxy {
  kind: "nginx" | "stand-in";
  /** One line for people: what runs, and why. */
  description: string;
  /** Origin at which a service port of the proxy (the port in the target group) is served here. */
  originFor(port: number): string;
  /** The access and error log so far, oldest line first; empty for the stand-in. */
  log(): string[];
  close(): Promise<void>;
}

/** @throws FindingsError for values that cannot be rendered; Error with Nginx's own words if it will not start. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { configuration } = options;
  const recordedPorts = [...configuration.services.map(({ port }) => port), configuration.healthPort];
  const ports = await freePorts(recordedPorts);
  const here = onThisMachine(options, ports);
  const found = options.nginx === false ? { reason: "asked for" } : findNginx(options.nginx);
  const running =
    "binary" in found
      ? await startNginx(found, here)
      : await startStandIn(here, `stand-in (${found.reason})`);
  return {
    ...running,
    originFor(port) {
      const local = ports.get(port);
      if (!local) throw new Error(`The proxy has no port ${port}; it has ${recordedPorts.join(", ")}.`);
      return `http://127.0.0.1:${local}`;
    },
  };
}

function onThisMachine(
  { configuration, upstream, ca }: ProxyOptions,
  ports: Map<number, number>,
): ProxyConfiguration {
  const port = (recorded: number) => ports.get(recorded) ?? recorded;
  return {
    ...configuration,
    healthPort: port(configuration.healthPort),
    resolvers: resolvers(),
    services: configuration.services.map((service) => ({
      ...service,
      port: port(service.port),
      upstream: moved(service, upstream?.(service), ca),
    })),
  };
}

/** The service's upstream at another origin; a plain one keeps nothing of TLS. */
function moved(service: ProxyService, origin: string | undefined, ca: string | undefined) {
  const { upstream } = service;
  if (origin === undefined) return upstream;
  const { protocol, hostname, port } = new URL(origin);
  if (protocol === "http:") {
    return {
      protocol: "http" as const,
      host: hostname === "localhost" ? "127.0.0.1" : hostname,
      port: Number(port || 80),
      healthPath: upstream.healthPath,
    };
  }
  return {
    ...upstream,
    protocol: "https" as const,
    host: hostname === "localhost" ? "127.0.0.1" : hostname,
    port: Number(port || 443),
    serverName: upstream.serverName ?? upstream.host,
    ca: ca ?? upstream.ca,
  };
}

/** This machine's IPv4 DNS servers; Nginx needs one even where no name is resolved. */
function resolvers(): string[] {
  const own = getServers()
    .filter((server) => !server.includes("["))
    .filter((server) => !/^[0-9a-f:]*:[0-9a-f:]*:/i.test(server));
  return own.length > 0 ? own : ["127.0.0.1"];
}
