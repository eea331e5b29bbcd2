import { createHash } from "node:crypto";
import { FindingsError } from "../../../../lib/finding";
import { connectionLog, json, requestLog } from "./access-log";
import { ec2Machine, type ProxyConfiguration, type ProxyMachine, type ProxyService } from "./configuration";
import { type Block, type Directive, print } from "./print";
import { maps, proxySettings } from "./proxy-settings";
import { caPath, listenOn, partnerHost, servers, socket, trust } from "./servers";
import { certificates, configurationFindings } from "./validate";

/** Files for Nginx; `nginx.conf` names the others relative to itself. */
export interface RenderedConfiguration {
  /** Hash of the files; the health endpoint returns it. */
  id: string;
  /** Path relative to the folder of `nginx.conf` → text. */
  files: Record<string, string>;
}

/**
 * Nginx's configuration for a set of PSC services. Requires Nginx 1.19.10 or later (Debian 12 has 1.22, Amazon Linux
 * 2023 has 1.24 or later) with the stream module.
 *
 * Each request passes through Nginx twice. The HTTP server keeps connections to the service's Unix socket; behind the
 * socket, a stream server opens a TCP connection to the partner for each of them and resolves the name again. TLS runs
 * from the HTTP server through the stream to the partner. Neither half suffices alone: `keepalive` needs an `upstream`
 * block, whose servers are resolved once at start (open-source Nginx has `server … resolve` since 1.27.3), and a
 * variable in `proxy_pass`, which is resolved for each request, opens a connection per request. Sources: nginx.org,
 * ngx_http_upstream_module (server, keepalive), ngx_stream_proxy_module (proxy_pass), CHANGES 1.27.3.
 *
 * @throws FindingsError with all values that cannot be written safely
 */
export function renderConfiguration(
  configuration: ProxyConfiguration,
  machine: ProxyMachine = ec2Machine(configuration.stage),
): RenderedConfiguration {
  const findings = configurationFindings(configuration, machine);
  if (findings.length > 0) throw new FindingsError(findings);

  const services = [...configuration.services].sort((a, b) => a.port - b.port);
  const sorted = { ...configuration, services };
  const render = (id: string) => ({
    "nginx.conf": print(main(sorted, machine, id)),
    ...Object.fromEntries(services.flatMap(caFile)),
  });
  const id = createHash("sha256")
    .update(JSON.stringify(render("")))
    .digest("hex")
    .slice(0, 16);
  return { id, files: render(id) };
}

function caFile(service: ProxyService): [string, string][] {
  const { ca } = service.upstream;
  return ca === undefined ? [] : [[caPath(service), certificates(ca).map(String).join("")]];
}

function main(configuration: ProxyConfiguration, machine: ProxyMachine, id: string): Block {
  return [
    // The files that load the stream module on Amazon Linux and Debian. With a wildcard the file may be missing, as
    // when the module is built in.
    ["include", "/usr/share/nginx/modules/*mod-stream.conf"],
    ["include", "/etc/nginx/modules-enabled/*mod-stream.conf"],
    ["worker_processes", machine.workers ? String(machine.workers) : "auto"],
    ["worker_rlimit_nofile", "16384"],
    // After a reload, old workers finish their requests; API Gateway waits no longer than this.
    ["worker_shutdown_timeout", `${longestTimeout(configuration)}ms`],
    ["pid", `${machine.runtime}/nginx.pid`],
    ["error_log", `${machine.logs}/error.log`, "warn"],
    // A request uses four connections: in, to the socket, from the socket, out.
    ["events", [["worker_connections", "4096"]]],
    ["stream", stream(configuration, machine)],
    ["http", http(configuration, machine, id)],
  ];
}

const longestTimeout = ({ services }: ProxyConfiguration) =>
  Math.max(...services.map((service) => service.timeoutMs));

/** From each service's socket to the partner, whose name is resolved for each connection. */
function stream(configuration: ProxyConfiguration, machine: ProxyMachine): Block {
  const { services, resolvers } = configuration;
  return [
    ["log_format", "connection", "escape=json", json(connectionLog)],
    ["access_log", `${machine.logs}/access.log`, "connection"],
    ["resolver", ...resolvers, "ipv6=off"],
    ["resolver_timeout", "3s"],
    ["proxy_connect_timeout", "3s"],
    ["proxy_next_upstream_timeout", "6s"],
    ["proxy_socket_keepalive", "on"],
    ["proxy_timeout", `${Math.max(longestTimeout(configuration), 60_000)}ms`],
    ...services.map(
      (service): Directive => [
        "server",
        [
          ["listen", socket(service, machine)],
          ["set", "$service", service.name],
          // A variable, so that the name is resolved again after its TTL.
          ["set", "$partner", `${service.upstream.host}:${service.upstream.port}`],
          ["proxy_pass", "$partner"],
        ],
      ],
    ),
  ];
}

/** From the load balancer to each service's socket. */
function http(configuration: ProxyConfiguration, machine: ProxyMachine, id: string): Block {
  const { services } = configuration;
  return [
    ["log_format", "request", "escape=json", json(requestLog)],
    ["access_log", `${machine.logs}/access.log`, "request"],
    ["server_tokens", "off"],
    ["default_type", "application/octet-stream"],
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind): Directive => [`${kind}_temp_path`, `${machine.runtime}/${kind}`],
    ),
    // Longer than the load balancer's idle timeout of 350 s: closing first could lose a request that is on its way.
    // Source: Network Load Balancer user guide, "Connection idle timeout".
    ["keepalive_timeout", "360s"],
    ["keepalive_requests", "10000"],
    ["map", "$server_port", "$service", services.map(({ port, name }) => [String(port), name])],
    ...maps,
    ...proxySettings,
    ...services.map((service): Directive => ["upstream", service.name, pool(service, machine)]),
    ...services.flatMap((service) => servers(service, machine)),
    ["server", health(configuration, machine, id)],
  ];
}

/** Idle connections are closed before the partner's server closes them, and soon enough to follow DNS changes. */
const pool = (service: ProxyService, machine: ProxyMachine): Block => [
  ["server", socket(service, machine)],
  ["keepalive", "32"],
  ["keepalive_timeout", "30s"],
  ["keepalive_time", "60s"],
];

/** `/health`: this proxy runs this configuration. `/upstream/<service>`: the partner's response, for local callers only. */
function health(
  { services, healthPort, stage }: ProxyConfiguration,
  machine: ProxyMachine,
  id: string,
): Block {
  return [
    ["listen", listenOn(healthPort, machine), "default_server"],
    ["access_log", "off"],
    ["set", "$public_host", ""],
    ["set", "$public_path", ""],
    ["proxy_connect_timeout", "5s"],
    ["proxy_read_timeout", "5s"],
    ["location", "/", [["return", "444"]]],
    [
      "location",
      "=",
      "/health",
      [
        ["default_type", "application/json"],
        ["return", "200", JSON.stringify({ status: "ok", stage, configuration: id })],
      ],
    ],
    ...services.map(
      (service): Directive => [
        "location",
        "=",
        `/upstream/${service.name}`,
        [
          ["allow", "127.0.0.1"],
          ["deny", "all"],
          ["set", "$partner_host", partnerHost(service.upstream)],
          ...trust(service, machine),
          ["proxy_method", "GET"],
          ["proxy_pass_request_body", "off"],
          [
            "proxy_pass",
            `${service.upstream.protocol}://${service.name}${service.upstream.healthPath ?? "/"}`,
          ],
        ],
      ],
    ),
  ];
}
