import { getServers } from "node:dns";
import type { ProxyConfiguration, ProxyService } from "../../../components/backends/psc/nginx/configuration";
import { findNginx } from "./binary";
import { freePorts } from "./free-ports";
import { startNginx } from "./nginx";
import { startStandIn } from "./stand-in";

/**
 * The reverse proxy of the PSC services, on this machine.
 *
 *     const proxy = await startProxy({ configuration, upstream: (service) => stubOrigin(service) });
 *     proxy.kind                   // "nginx", or "stand-in" when no usable Nginx is installed
 *     proxy.originFor(8443)        // "http://127.0.0.1:45123": service port 8443 of the proxy
 *     await proxy.close();
 *
 * `configuration` is what the program rendered for EC2 (the output `configuration` of `PscProxy` and
 * `PscProxyInstance`). The same function renders it again with the ports, folders and upstreams of this machine;
 * headers, limits, timeouts and accepted names are as in EC2. Requests need the load balancer's name as `Host`, as
 * API Gateway sends it: other names get no response.
 */
export interface ProxyOptions {
  configuration: ProxyConfiguration;
  /**
   * Origin in place of the partner's machine, e.g. `http://127.0.0.1:4001`. With `https://` the recorded CA and
   * server name are verified; undefined: the recorded machine is called.
   */
  upstream?(service: ProxyService): string | undefined;
  /** PEM certificates to trust for https origins of `upstream`, in place of the recorded ones. */
  ca?: string;
  /** Path of the `nginx` to run; default: the one on PATH; false: always the stand-in. */
  nginx?: string | false;
}

export interface RunningProxy {
  kind: "nginx" | "stand-in";
  /** One line to show: what runs, and why. */
  description: string;
  /** Local origin of a service port of the proxy (the port in the target group). */
  originFor(port: number): string;
  /** The access and error log so far, oldest line first; empty for the stand-in. */
  log(): string[];
  close(): Promise<void>;
}

/** @throws FindingsError for values that cannot be rendered; Error with Nginx's message if it does not start. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { configuration } = options;
  const recordedPorts = [...configuration.services.map(({ port }) => port), configuration.healthPort];
  const ports = await freePorts(recordedPorts);
  const here = onThisMachine(options, ports);
  const found = options.nginx === false ? { reason: "requested" } : findNginx(options.nginx);
  const running =
    "binary" in found
      ? await startNginx(found, here)
      : await startStandIn(here, `stand-in (${found.reason})`);
  return {
    ...running,
    originFor(port) {
      const local = ports.get(port);
      if (!local) throw new Error(`The proxy has no port ${port}. Its ports: ${recordedPorts.join(", ")}.`);
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

/** The service's upstream at another origin; an http origin drops the TLS settings. */
function moved(service: ProxyService, origin: string | undefined, ca: string | undefined) {
  const { upstream } = service;
  if (origin === undefined) return upstream;
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname === "localhost" ? "127.0.0.1" : hostname;
  if (protocol === "http:") {
    return { protocol: "http" as const, host, port: Number(port || 80), healthPath: upstream.healthPath };
  }
  return {
    ...upstream,
    protocol: "https" as const,
    host,
    port: Number(port || 443),
    serverName: upstream.serverName ?? upstream.host,
    ca: ca ?? upstream.ca,
  };
}

/** This machine's IPv4 DNS servers; Nginx needs one even if it resolves no name. */
function resolvers(): string[] {
  const ipv4 = getServers().filter((server) => /^\d+(\.\d+){3}(:\d+)?$/.test(server));
  return ipv4.length > 0 ? ipv4 : ["127.0.0.1"];
}
