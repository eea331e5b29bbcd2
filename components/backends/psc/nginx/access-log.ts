/** Fields of the access log. Headers and query strings are not logged: both can contain tokens. */
export const connectionLog = {
  time: "$time_iso8601",
  event: "connection",
  service: "$service",
  upstream: "$upstream_addr",
  status: "$status",
  seconds: "$session_time",
  sent: "$upstream_bytes_sent",
  received: "$upstream_bytes_received",
};

export const requestLog = {
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

/** A `log_format` with one JSON object per line. */
export const json = (fields: Record<string, string>) =>
  `{${Object.entries(fields)
    .map(([key, value]) => `"${key}":${numbers.has(value) ? value : `"${value}"`}`)
    .join(",")}}`;
