/**
 * HTTP headers as AWS treats them: names keep their case, order and repetitions matter. API Gateway looks names up case-sensitively
 * in mappings ("Header names and query parameters are processed in a case-sensitive way", important notes), but
 * case-insensitively where it reads a header itself.
 */

/** Flat list `[name, value, name, value, …]`, like Node's `rawHeaders`. */
export type RawHeaders = string[];

/** Last value of a header, any case; undefined when absent. */
export function headerValue(headers: RawHeaders, lowerName: string): string | undefined {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return headers[i + 1];
  }
  return undefined;
}

export function headerValues(headers: RawHeaders, lowerName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName)
      values.push(headers[i + 1] as string);
  }
  return values;
}

/** Replaces every header of that name, any case, by one. */
export function setHeader(headers: RawHeaders, name: string, value: string): void {
  removeHeader(headers, name.toLowerCase());
  headers.push(name, value);
}

export function removeHeader(headers: RawHeaders, lowerName: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if ((headers[i] as string).toLowerCase() === lowerName) headers.splice(i, 2);
  }
}

export function withoutHeaders(headers: RawHeaders, lowerNames: ReadonlySet<string>): RawHeaders {
  const kept: RawHeaders = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!lowerNames.has(name.toLowerCase())) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

/** One value per name as sent, the last of repeated ones (recorded: test_lambda_aws_proxy_integration). */
export function singleValues(headers: RawHeaders): Record<string, string> {
  const map: Record<string, string> = {};
  for (let i = 0; i < headers.length; i += 2) map[headers[i] as string] = headers[i + 1] as string;
  return map;
}

export function multiValues(headers: RawHeaders): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const values = Object.hasOwn(map, name) ? map[name] : undefined;
    if (values) values.push(headers[i + 1] as string);
    else map[name] = [headers[i + 1] as string];
  }
  return map;
}

const set = (...names: string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));

/**
 * Never reach mappings, functions or backends (recorded: TestApiGatewayHeaderRemapping; guide: important notes, column Request).
 */
export const DROPPED_FROM_REQUEST = set(
  "Connection",
  "Content-Length",
  "Content-MD5",
  "Expect",
  "Keep-Alive",
  "Max-Forwards",
  "Proxy-Authenticate",
  "Server",
  "TE",
  "Transfer-Encoding",
  "Trailer",
  "Upgrade",
  "WWW-Authenticate",
  "X-HTTP-Method-Override",
);

/** HTTP_PROXY does not pass these through; a mapping may set Host and Content-Encoding (recorded: full-integration). */
export const DROPPED_BY_HTTP_PROXY = set(
  "Host",
  "Content-Encoding",
  // Replaced by API Gateway's own.
  "X-Amzn-Trace-Id",
  "X-Amzn-Apigateway-Api-Id",
);

/** Dropped after mappings and overrides have been applied. */
export const DROPPED_AFTER_MAPPING_HTTP = set(
  "Expect",
  "Proxy-Authenticate",
  "TE",
  "Via",
  "Connection",
  "Keep-Alive",
  "Upgrade",
);
export const DROPPED_AFTER_MAPPING_AWS = set("Expect", "Proxy-Authenticate", "TE", "Referer");

/** A mapping to one of these fails with 500 (recorded: content-length, transfer-encoding, … cases). */
export const ILLEGAL_MAPPED_HTTP = set(
  "Content-Length",
  "Transfer-Encoding",
  "X-Amzn-Trace-Id",
  "X-Amzn-Apigateway-Api-Id",
);
export const ILLEGAL_MAPPED_AWS = set(
  "Content-Length",
  "Transfer-Encoding",
  "X-Amzn-Trace-Id",
  "X-Amzn-Apigateway-Api-Id",
  "Authorization",
  "Connection",
  "Expect",
  "Proxy-Authenticate",
  "TE",
);

/**
 * Response headers renamed to `x-amzn-Remapped-<Name>`.
 * HTTP and AWS as recorded (TestApiGatewayHeaderRemapping); the proxies as far as recorded (Connection,
 * Content-Length, Date, Server, x-amzn-RequestId), the rest as in the guide's table (important notes, column Response).
 */
const remap = (...names: string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [name.toLowerCase(), `x-amzn-Remapped-${name}`]));

export const REMAPPED_CUSTOM = remap(
  "Authorization",
  "Connection",
  "Content-Length",
  "Content-MD5",
  "Date",
  "Expect",
  "Host",
  "Max-Forwards",
  "Proxy-Authenticate",
  "Server",
  "Trailer",
  "Upgrade",
  "User-Agent",
  "WWW-Authenticate",
);
export const REMAPPED_PROXY = remap(
  "Authorization",
  "Connection",
  "Content-Length",
  "Content-MD5",
  "Date",
  "Max-Forwards",
  "Server",
  "User-Agent",
  "WWW-Authenticate",
  "x-amzn-RequestId",
);

export const DROPPED_FROM_CUSTOM_RESPONSE = set("Transfer-Encoding", "Keep-Alive");
export const DROPPED_FROM_PROXY_RESPONSE = set(
  "Transfer-Encoding",
  "Keep-Alive",
  "Expect",
  "Host",
  "Proxy-Authenticate",
  "TE",
  "Trailer",
  "Upgrade",
  "Via",
  // Replaced by the gateway's own.
  "x-amz-apigw-id",
);

/** Headers of a response after renaming and dropping. */
export function remapResponse(
  headers: RawHeaders,
  renamed: ReadonlyMap<string, string>,
  dropped: ReadonlySet<string>,
): RawHeaders {
  const remapped: RawHeaders = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    remapped.push(renamed.get(lower) ?? name, headers[i + 1] as string);
  }
  return remapped;
}
