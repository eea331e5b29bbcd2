import { DOT_SEGMENT } from "../../../../lib/dot-segments";
import { loadBalancerName, type ProxyMachine, type ProxyService, type Upstream } from "./configuration";
import type { Directive } from "./print";
import { publicParts } from "./validate";

/** Path of a service's CA bundle, relative to nginx.conf. */
export const caPath = (service: ProxyService) => `ca/${service.name}.pem`;
/** Connects a service's HTTP server with its stream server. */
export const socket = (service: ProxyService, machine: ProxyMachine) =>
  `unix:${machine.runtime}/${service.name}.sock`;

/** The servers of one service: one for the load balancer's name, one that rejects all others. */
export function servers(service: ProxyService, machine: ProxyMachine): Directive[] {
  const { upstream, publicUrl } = service;
  const { host, path } = publicParts(publicUrl ?? "");
  const listen = listenOn(service.port, machine);
  const readTimeout = service.timeoutMs - Math.min(1000, Math.ceil(service.timeoutMs / 10));
  return [
    // Closes the connection of requests with another name, without a name, or that are not HTTP.
    [
      "server",
      [
        ["listen", listen, "default_server"],
        ["server_name", "_"],
        ["error_page", "400", "414", "/"], // an error page is an internal request, which the next line closes
        ["return", "444"],
      ],
    ],
    [
      "server",
      [
        ["listen", listen],
        ["server_name", `~${loadBalancerName.source}`],
        ["set", "$partner_host", partnerHost(upstream)],
        ["set", "$public_host", host],
        ["set", "$public_path", path],
        ["client_max_body_size", `${service.maxBodyMb}m`],
        ["proxy_connect_timeout", `${Math.min(8000, readTimeout)}ms`],
        ["proxy_send_timeout", `${readTimeout}ms`],
        ["proxy_read_timeout", `${readTimeout}ms`],
        ...trust(service, machine),
        ...errorPages,
        // As the web ACL does, for callers that do not come through it.
        ["if", "($path", "~*", DOT_SEGMENT, ")", [["return", "400"]]],
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

export const listenOn = (port: number, machine: ProxyMachine) =>
  machine.address ? `${machine.address}:${port}` : String(port);

/** The Host header for the partner, which selects its virtual host. Callers' host is in X-Forwarded-Host. */
export function partnerHost({ protocol, host, port, serverName }: Upstream): string {
  const usual = protocol === "https" ? 443 : 80;
  return port === usual ? (serverName ?? host) : `${serverName ?? host}:${port}`;
}

/** Verification of the partner's certificate. */
export function trust(service: ProxyService, machine: ProxyMachine): Directive[] {
  const { protocol, host, serverName, ca } = service.upstream;
  if (protocol === "http") return [];
  return [
    ["proxy_ssl_name", serverName ?? host],
    ["proxy_ssl_trusted_certificate", ca === undefined ? machine.systemCa : caPath(service)],
  ];
}

/** Nginx's own error responses, in the format of API Gateway's. */
const errorPages: Directive[] = (
  [
    ["400", "Bad request"],
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
