import type { Directive } from "./print";

/** Variables about a request. */
export const maps: Directive[] = [
  ["map", "$request_uri", "$path", [["~^(?<raw>[^?]*)", "$raw"]]],
  // API Gateway appends the caller's address to X-Forwarded-For; everything before it comes from the caller.
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

/**
 * Headers with which proxies state the caller, the user or the original URL. Here they can only come from callers, so
 * they are removed, by name because Nginx cannot remove by pattern.
 */
export const untrusted = [
  "Forwarded",
  ...["Access-Token", "By", "Client-Cert", "Email", "Groups", "Method", "Path", "Preferred-Username"]
    .concat("Protocol", "Scheme", "Server", "Ssl", "Uri", "Url", "User")
    .map((rest) => `X-Forwarded-${rest}`),
  ...["X-Forwarded", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "X-Original-Forwarded-For"],
  ...["X-Original-Host", "X-Original-URI", "X-Original-URL", "X-Rewrite-URL", "X-Host"],
  ...["X-HTTP-Host-Override", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"],
  ...["Remote-User", "X-Remote-User", "X-Scheme", "X-Url-Scheme", "Front-End-Https", "Proxy"],
];

/** Proxy settings of all services. These headers replace the caller's. */
export const proxySettings: Directive[] = [
  // API Gateway allows 10240 bytes for request line and headers together, possibly a single token; Nginx's default is
  // 8k. Source: API Gateway quotas for REST APIs, "Total combined size of request line and header values".
  ["large_client_header_buffers", "4", "16k"],
  ["proxy_http_version", "1.1"],
  ["proxy_request_buffering", "off"],
  ["proxy_buffering", "off"],
  // API Gateway allows 10240 bytes of response headers; with its default of 4k Nginx would return 502.
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
  ...untrusted.map((header): Directive => ["proxy_set_header", header, ""]),
];
