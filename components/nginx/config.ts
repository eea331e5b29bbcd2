import { createHash } from "node:crypto";
import {
  ec2Machine,
  loadBalancerName,
  type ProxyConfiguration,
  type ProxyMachine,
  type ProxyService,
  type Upstream,
} from "./configuration";
import { type Block, type Directive, print } from "./print";
import {
  ConfigurationError,
  certificates,
  configurationProblems,
  machineProblems,
  publicParts,
} from "./validate";

/** Files for Nginx; `nginx.conf` names the others relative to itself. */
export interface RenderedConfiguration {
  /** Hash of the files: changes when, and only when, one of them does. The health endpoint answers it. */
  id: string;
  /** Path relative to the folder of `nginx.conf` → text. */
  files: Record<string, string>;
}

/**
 * Nginx's configuration for every PSC service of a stage. Works from Nginx 1.19.10 (Debian 12 has 1.22, Amazon
 * Linux 2023 1.24 and later) with the stream module.
 *
 * Each request passes Nginx twice: the HTTP server keeps connections to the service's Unix socket, and behind
 * the socket a stream server opens one TCP connection to the partner for each, resolving the name anew. TLS
 * runs from the HTTP server through the stream to the partner. Neither half can do it alone: `keepalive` needs
 * an `upstream` block, whose servers are resolved once at start (`server … resolve` came to open-source Nginx
 * in 1.27.3), and a variable in `proxy_pass`, which is resolved again and again, opens a connection per
 * request. Sources: nginx.org, ngx_http_upstream_module (server, keepalive), ngx_stream_proxy_module
 * (proxy_pass), CHANGES 1.27.3.
 *
 * @throws ConfigurationError with every value that could not be written safely.
 */
export function renderConfiguration(
  configuration: ProxyConfiguration,
  machine: ProxyMachine = ec2Machine(configuration.stage),
): RenderedConfiguration {
  const problems = configurationProblems(configuration);
  if (problems.length === 0) problems.push(...machineProblems(machine)); // its folders hold the stage's name
  if (problems.length > 0) throw new ConfigurationError(problems);

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

/** Folder of the sockets etc. is the machine's; files that come with the configuration lie beside it. */
const caPath = (service: ProxyService) => `ca/${service.name}.pem`;
const socket = (service: ProxyService, machine: ProxyMachine) =>
  `unix:${machine.runtime}/${service.name}.sock`;

function caFile(service: ProxyService): [string, string][] {
  const { ca } = service.upstream;
  return ca === undefined ? [] : [[caPath(service), certificates(ca).map(String).join("")]];
}

function main(configuration: ProxyConfiguration, machine: ProxyMachine, id: string): Block {
  return [
    // Where a package puts the directive that loads the stream module: Amazon Linux, Debian. The star also lets the
    // file be missing, as where Nginx has the module built in.
    ["include", "/usr/share/nginx/modules/*mod-stream.conf"],
    ["include", "/etc/nginx/modules-enabled/*mod-stream.conf"],
    ["worker_processes", machine.workers ? String(machine.workers) : "auto"],
    ["worker_rlimit_nofile", "16384"],
    // After a reload the old workers finish the requests they have; API Gateway waits no longer than this.
    ["worker_shutdown_timeout", `${longestTimeout(configuration)}ms`],
    ["pid", `${machine.runtime}/nginx.pid`],
    ["error_log", `${machine.logs}/error.log`, "warn"],
    // A request holds four connections: in, socket out, socket in, out.
    ["events", [["worker_connections", "4096"]]],
    ["stream", stream(configuration, machine)],
    ["http", http(configuration, machine, id)],
  ];
}

const longestTimeout = ({ services }: ProxyConfiguration) =>
  Math.max(...services.map((service) => service.timeoutMs));

/** The outer half: from each service's socket to the partner, resolved for every connection. */
function stream({ services, resolvers }: ProxyConfiguration, machine: ProxyMachine): Block {
  return [
    ["log_format", "connection", "escape=json", json(connectionLog)],
    ["access_log", `${machine.logs}/access.log`, "connection"],
    ["resolver", ...resolvers, "ipv6=off"],
    ["resolver_timeout", "3s"],
    ["proxy_connect_timeout", "3s"],
    ["proxy_next_upstream_timeout", "6s"],
    ["proxy_socket_keepalive", "on"],
    ...services.map(
      (service): Directive => [
        "server",
        [
          ["listen", socket(service, machine)],
          ["set", "$service", service.name],
          // A variable, so that the name is resolved again when its time to live has passed.
          ["set", "$partner", `${service.upstream.host}:${service.upstream.port}`],
          ["proxy_pass", "$partner"],
        ],
      ],
    ),
  ];
}

/** The inner half: what the load balancer reaches. */
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
    // The load balancer forgets a silent connection after 350 s; the side that waits for requests must not hang
    // up first, or a request is lost. Source: Network Load Balancer user guide, "Connection idle timeout".
    ["keepalive_timeout", "360s"],
    ["keepalive_requests", "10000"],
    ...maps,
    ...passing,
    ...services.map((service): Directive => ["upstream", service.name, pool(service, machine)]),
    ...services.flatMap((service) => servers(service, machine)),
    ["server", health(configuration, machine, id)],
  ];
}

/** Kept connections end before the partner's server hangs up, and early enough to follow a moved name. */
const pool = (service: ProxyService, machine: ProxyMachine): Block => [
  ["server", socket(service, machine)],
  ["keepalive", "32"],
  ["keepalive_timeout", "30s"],
  ["keepalive_time", "60s"],
];

const maps: Directive[] = [
  ["map", "$request_uri", "$path", [["~^(?<raw>[^?]*)", "$raw"]]],
  // API Gateway appends the address it was called from to X-Forwarded-For; what stands before is the caller's word.
  [
    "map",
    "$http_x_forwarded_for",
    "$caller",
    [
      ["default", "$remote_addr"],
      ["~(?:^|,)[ ]*(?<last>[0-9a-fA-F.:]+)[ ]*$", "$last"],
    ],
  ],
  [
    "map",
    "$http_x_amzn_trace_id",
    "$trace",
    [
      ["default", ""],
      ["~^[A-Za-z0-9=:;_-]+$", "$http_x_amzn_trace_id"],
    ],
  ],
];

/** How every service is passed on. The headers are the proxy's word: what a caller sent under these names is lost. */
const passing: Directive[] = [
  ["proxy_http_version", "1.1"],
  ["proxy_request_buffering", "off"],
  ["proxy_buffering", "off"],
  // API Gateway takes response headers of 10240 bytes together; Nginx's 4k would refuse them with 502.
  ["proxy_buffer_size", "16k"],
  ["proxy_buffers", "8", "16k"],
  ["proxy_ssl_protocols", "TLSv1.2", "TLSv1.3"],
  ["proxy_ssl_server_name", "on"],
  ["proxy_ssl_verify", "on"],
  ["proxy_ssl_verify_depth", "4"],
  ["proxy_set_header", "Connection", ""],
  ["proxy_set_header", "Host", "$partner_host"],
  ["proxy_set_header", "X-Forwarded-For", "$caller"],
  ["proxy_set_header", "X-Real-IP", "$caller"],
  ["proxy_set_header", "X-Forwarded-Proto", "https"],
  ["proxy_set_header", "X-Forwarded-Port", "443"],
  ["proxy_set_header", "X-Forwarded-Host", "$public_host"],
  ["proxy_set_header", "X-Forwarded-Prefix", "$public_path"],
  ["proxy_set_header", "X-Request-Id", "$request_id"],
  ["proxy_set_header", "X-Amzn-Trace-Id", "$trace"],
  ...[
    "Forwarded",
    "X-Forwarded",
    "X-Forwarded-Server",
    "X-Forwarded-Scheme",
    "X-Forwarded-Ssl",
    "X-Original-URL",
  ]
    .concat("X-Rewrite-URL", "Proxy")
    .map((header): Directive => ["proxy_set_header", header, ""]),
];

function servers(service: ProxyService, machine: ProxyMachine): Directive[] {
  const { upstream, publicUrl } = service;
  const { host, path } = publicParts(publicUrl ?? "");
  const listen = listenOn(service.port, machine);
  const readTimeout = service.timeoutMs - Math.min(1000, Math.ceil(service.timeoutMs / 10));
  return [
    // Whoever calls by another name gets no answer at all.
    [
      "server",
      [
        ["listen", listen, "default_server"],
        ["server_name", "_"],
        ["set", "$service", service.name],
        ["return", "444"],
      ],
    ],
    [
      "server",
      [
        ["listen", listen],
        ["server_name", `~${loadBalancerName.source}`],
        ["set", "$service", service.name],
        ["set", "$partner_host", partnerHost(upstream)],
        ["set", "$public_host", host],
        ["set", "$public_path", path],
        ["client_max_body_size", `${service.maxBodyMb}m`],
        ["proxy_connect_timeout", `${Math.min(8000, readTimeout)}ms`],
        ["proxy_send_timeout", `${readTimeout}ms`],
        ["proxy_read_timeout", `${readTimeout}ms`],
        ...trust(service, machine),
        ...answers,
        [
          "location",
          "/",
          [
            publicUrl
              ? ["proxy_redirect", `${upstream.protocol}://${partnerHost(upstream)}/`, `${publicUrl}/`]
              : ["proxy_redirect", "off"],
            ["proxy_pass", `${upstream.protocol}://${service.name}`],
          ],
        ],
      ],
    ],
  ];
}

const listenOn = (port: number, machine: ProxyMachine) =>
  machine.address ? `${machine.address}:${port}` : String(port);

/** The partner's own name: its server finds the virtual host by it. Callers' name goes in X-Forwarded-Host. */
function partnerHost({ protocol, host, port, serverName }: Upstream): string {
  const usual = protocol === "https" ? 443 : 80;
  return port === usual ? (serverName ?? host) : `${serverName ?? host}:${port}`;
}

function trust(service: ProxyService, machine: ProxyMachine): Directive[] {
  const { protocol, host, serverName, ca } = service.upstream;
  if (protocol === "http") return [];
  return [
    ["proxy_ssl_name", serverName ?? host],
    ["proxy_ssl_trusted_certificate", ca === undefined ? machine.systemCa : caPath(service)],
  ];
}

/** Answers that Nginx gives itself, in the shape of the gateway's own. */
const answers: Directive[] = (
  [
    ["413", "Request body is too large"],
    ["502", "The backend cannot be reached"],
    ["504", "The backend did not answer in time"],
  ] as const
).flatMap(([status, message]): Directive[] => [
  ["error_page", status, `@${status}`],
  [
    "location",
    `@${status}`,
    [
      ["default_type", "application/json"],
      ["return", status, JSON.stringify({ message })],
    ],
  ],
]);

/** `/health`: this proxy runs with this configuration. `/upstream/<service>`: what the partner answers, from here only. */
function health(
  { services, healthPort, stage }: ProxyConfiguration,
  machine: ProxyMachine,
  id: string,
): Block {
  return [
    ["listen", listenOn(healthPort, machine), "default_server"],
    ["access_log", "off"],
    ["set", "$service", "health"],
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

/** Fields of the access log. Neither headers nor the query are logged: both carry tokens. */
const connectionLog = {
  time: "$time_iso8601",
  event: "connection",
  service: "$service",
  upstream: "$upstream_addr",
  status: "$status",
  seconds: "$session_time",
  sent: "$upstream_bytes_sent",
  received: "$upstream_bytes_received",
};

const requestLog = {
  time: "$time_iso8601",
  event: "request",
  service: "$service",
  requestId: "$request_id",
  trace: "$trace",
  caller: "$caller",
  host: "$host",
  method: "$request_method",
  path: "$path",
  status: "$status",
  upstreamStatus: "$upstream_status",
  seconds: "$request_time",
  connectSeconds: "$upstream_connect_time",
  headerSeconds: "$upstream_header_time",
  received: "$request_length",
  sent: "$bytes_sent",
};

const numbers = new Set(["$status", "$session_time", "$request_time", "$request_length", "$bytes_sent"]);

const json = (fields: Record<string, string>) =>
  `{${Object.entries(fields)
    .map(([key, value]) => `"${key}":${numbers.has(value) ? value : `"${value}"`}`)
    .join(",")}}`;
