import type { ProxyEvent } from "../shared/proxy";

/**
 * The location of a request to a retired API: the same path and query below `base`. Nothing else of the request is
 * used, so whatever Host, headers or path a client sends, the location is on `base`'s host.
 * @throws when `base` is not a plain http(s) URL.
 */
export function locationOf(event: ProxyEvent, base: string): string {
  const start = baseOf(base);
  const location = new URL(start.href + encodePath(pathOf(event)) + queryOf(event));
  // Dot segments could leave the base's path; such a request is redirected to the base itself.
  return location.href.startsWith(start.href) ? location.href : start.href;
}

function baseOf(base: string): URL {
  const text = base.endsWith("/") ? base : `${base}/`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !(url.username || url.password || url.search || url.hash)) {
    return url;
  }
  throw new Error(
    `REDIRECT_TO must be an http(s) URL without user, query or fragment; it is ${base === "" ? "not set" : "another text"}`,
  );
}

/**
 * The path below the API's base path. With a custom domain `path` starts with the base path and the proxy parameter
 * does not, but only `path` keeps a trailing slash.
 */
function pathOf(event: ProxyEvent): string {
  const path = event.pathParameters?.proxy ?? "";
  const slash = path !== "" && !path.endsWith("/") && event.path?.endsWith("/") ? "/" : "";
  return path.replace(/^[/\\]+/, "") + slash;
}

/** Escapes the characters that a path must not contain, and keeps existing escapes. */
function encodePath(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~!$&'()*+,;=:@/-]/gu, (found) =>
    found.length === 3 && found.startsWith("%") ? found : encode(found),
  );
}

/** API Gateway decodes names and values; a parameter may be repeated. */
function queryOf(event: ProxyEvent): string {
  const single = Object.entries(event.queryStringParameters ?? {}).map(
    ([name, value]) => [name, [value]] as const,
  );
  const all = event.multiValueQueryStringParameters
    ? Object.entries(event.multiValueQueryStringParameters)
    : single;
  const pairs = all.flatMap(([name, values]) =>
    (values ?? []).map((value) => `${encode(name)}=${encode(value ?? "")}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** Like encodeURIComponent, but a lone surrogate becomes the replacement character instead of an error. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}
