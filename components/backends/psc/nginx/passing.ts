import type { Directive } from "./print";

/** What is known of a request before it is passed on. */
export const maps: Directive[] = [
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

/**
 * Headers by which one proxy or another tells who calls, as whom, or by what address: dropped, since only callers
 * send them here. Nginx drops by name, not by pattern.
 */
export const untrusted = [
  "Forwarded",
  ...["Access-Token", "By", "Client-Cert", "Email", "Groups", "Method", "Path", "Preferred-Username"]
    .concat("Protocol", "Scheme", "Server", "Ssl", "Uri", "Url", "User")
    .map((rest) => `X-Forwarded-${rest}`),
  ...["X-Forwarded", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "X-Original-Forwarded-For"],
  ...["X-Original-Host", "X-Original-URI", "X-Original-URL", "X-Rewrite-URL", "X-Host"],
  ...["X-HTTP-Host-Override", "X-Scheme", "X-Url-Scheme", "Front-End-Https", "Proxy"],
];

/** How every service is passed on. The headers are the proxy's word: what a caller sent under these names is lost. */
export const passing: Directive[] = [
  // API Gateway takes a request line and headers of 10240 bytes together, which may be one token; Nginx's 8k would
  // refuse it. Source: API Gateway quotas for REST APIs, "Total combined size of request line and header values".
  ["large_client_header_buffers", "4", "16k"],
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
  ...untrusted.map((header): Directive => ["proxy_set_header", header, ""]),
];
