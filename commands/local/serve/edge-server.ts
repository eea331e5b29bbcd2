import type { IncomingMessage, Server, ServerResponse } from "node:http";
import ipaddr from "ipaddr.js";
import { type Gateway, setHost, toOriginForm } from "../../../gateway";
import { createRequestServer } from "../listen";
import { logRequest } from "./request-log";

/** A custom domain name and its API mappings. */
export interface Domain {
  name: string;
  /** Why callers do not reach it at all, e.g. it has no DNS record. */
  unreachable?: string;
  /** Longest base path first. */
  mappings: { basePath: string; handle?: Gateway["handle"] }[];
}

/** Where an API is: its first mapping. */
export interface Endpoint {
  domain: string;
  /** Without slashes at either end. */
  basePath: string;
}

export interface EdgeServerOptions {
  domains: Domain[];
  /** By service name. */
  endpoints: Record<string, Endpoint>;
  /** Source address of every request. */
  sourceIp: string;
  /** Use the last address of `X-Forwarded-For` as the source address. */
  trustForwarded: boolean;
  /** Origins whose pages may call the APIs across sites; `*`: all. */
  allowedOrigins: readonly string[];
  /** HTML for the root of plain localhost. */
  index(): string;
  /** Receives one line per request. Default: nothing is logged. */
  log?(line: string): void;
}

/** From a Host header to a domain's mapping, as DNS and API Gateway's custom domain names do it. */
export function createEdgeServer(options: EdgeServerOptions): Server {
  const domains = new Map(options.domains.map((domain) => [domain.name, domain]));
  return createRequestServer((request, response) => {
    toOriginForm(request);
    if (options.log) logRequest(request, response, options.log);
    if (isCrossSite(request) && !isAllowed(request, options.allowedOrigins))
      return respond(response, 403, crossSiteMessage(request));
    const sourceIp = options.trustForwarded ? takeForwardedAddress(request) : undefined;
    if (sourceIp === null) return respond(response, 400, "X-Forwarded-For is not an address");
    const name = hostName(request);
    const domain = isThisMachine(name) ? domainByPath(request, response) : domains.get(domainName(name));
    if (response.writableEnded) return;
    if (!domain)
      return respond(
        response,
        421,
        `No service has the name ${name}. Known: ${[...domains.keys()].join(", ")}`,
      );
    if (domain.unreachable) return respond(response, 502, domain.unreachable);
    forward(domain, request, response, sourceIp ?? options.sourceIp);
  });

  /** `entity-api.localhost` is short for that service's domain name. */
  function domainName(name: string): string {
    const service = /^(.+)\.localhost$/.exec(name)?.[1];
    return endpointOf(service)?.domain ?? name;
  }

  function endpointOf(service = ""): Endpoint | undefined {
    return Object.hasOwn(options.endpoints, service) ? options.endpoints[service] : undefined;
  }

  /** `/entity-api/x` on plain localhost is `/x` of that service, under its domain and base path. */
  function domainByPath(request: IncomingMessage, response: ServerResponse): Domain | undefined {
    const [, service = "", rest = ""] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? "/") ?? [];
    const endpoint = endpointOf(service);
    if (!endpoint) {
      response.writeHead(service === "" ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      response.end(options.index());
      return undefined;
    }
    request.url = `${basePathOf(endpoint)}${rest.startsWith("/") ? "" : "/"}${rest}`;
    return domains.get(endpoint.domain);
  }
}

/** The base path with its leading slash, or nothing for the root. */
export function basePathOf({ basePath }: { basePath: string }): string {
  return basePath === "" ? "" : `/${basePath}`;
}

function forward(domain: Domain, request: IncomingMessage, response: ServerResponse, sourceIp: string): void {
  setHost(request, domain.name);
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const mapping = domain.mappings.find(({ basePath }) =>
    `${path}/`.startsWith(`/${basePath && `${basePath}/`}`),
  );
  if (mapping?.handle) {
    void mapping.handle(request, response, {
      sourceIp,
      domainName: domain.name,
      basePath: mapping.basePath,
    });
    return;
  }
  // A custom domain name's response when no mapping matches, or the mapping's stage does not exist.
  response.setHeader("x-amzn-errortype", "ForbiddenException");
  respond(response, 403, "Forbidden");
}

function hostName(request: IncomingMessage): string {
  const host = (request.headers.host ?? "").toLowerCase();
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
}

function isThisMachine(name: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]", ""].includes(name);
}

/**
 * A page of another site makes the browser call this machine. Following a link from there is harmless: the page cannot read
 * the response (Fetch Metadata Request Headers, W3C).
 */
function isCrossSite({ headers, method }: IncomingMessage): boolean {
  const isLink = headers["sec-fetch-mode"] === "navigate" && method === "GET";
  return headers["sec-fetch-site"] === "cross-site" && !isLink;
}

/**
 * Pages that this machine serves, such as a front end's development server, are the developer's own. To a browser
 * `app.localhost` and `uuid-api.localhost` are different sites.
 */
function isAllowed({ headers: { origin } }: IncomingMessage, origins: readonly string[]): boolean {
  if (origins.includes("*")) return true;
  if (origin === undefined) return false;
  const host = URL.canParse(origin) ? new URL(origin).hostname : "";
  return origins.includes(origin) || (host !== "" && isThisMachine(host)) || host.endsWith(".localhost");
}

const crossSiteMessage = ({ headers }: IncomingMessage): string =>
  `A page of another site called this local gateway. To allow it: --allow-origin ${headers.origin ?? "ORIGIN"}`;

/**
 * Removes the last address from `X-Forwarded-For`, which the nearest proxy added, so that the request is the one that
 * proxy received. Undefined without the header, null when the last entry is not an address.
 */
function takeForwardedAddress(request: IncomingMessage): string | undefined | null {
  const given = request.headers["x-forwarded-for"];
  if (given === undefined) return undefined;
  const addresses = String(given)
    .split(",")
    .map((address) => address.trim());
  const address = addresses.pop() ?? "";
  if (!ipaddr.isValid(address)) return null;
  const rest = addresses.join(", ");
  if (rest === "") delete request.headers["x-forwarded-for"];
  else request.headers["x-forwarded-for"] = rest;
  request.rawHeaders = request.rawHeaders.flatMap((part, index, all) => {
    const name = index % 2 === 0 ? part : (all[index - 1] ?? "");
    if (name.toLowerCase() !== "x-forwarded-for") return [part];
    if (rest === "") return [];
    return [index % 2 === 0 ? part : rest];
  });
  return address;
}

function respond(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ message }));
}
