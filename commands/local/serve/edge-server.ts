import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import ipaddr from "ipaddr.js";

/** What one domain name leads to. */
export interface Domain {
  name: string;
  /** Set when callers would not get there at all: no DNS record. */
  unreachable?: string;
  /** Longest base path first. */
  mappings: { basePath: string; handle?: Handle }[];
}

export interface Arrival {
  sourceIp: string;
  domainName: string;
  /** Without slashes at either end. */
  basePath: string;
}

export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  arrival: Arrival,
) => void | Promise<void>;

export interface EdgeServerOptions {
  domains: Domain[];
  /** Where a service's API is: its first mapping. */
  services: Record<string, { domain: string; basePath: string }>;
  /** Address that callers come from. */
  sourceIp: string;
  /** Believe `X-Forwarded-For` about where callers come from. */
  trustForwarded: boolean;
  /** Text for whoever opens the root of plain localhost. */
  index(): string;
}

/** The public side: from a Host header to a domain's mapping, as DNS and API Gateway's custom domain names do it. */
export function createEdgeServer(options: EdgeServerOptions): Server {
  const domains = new Map(options.domains.map((domain) => [domain.name, domain]));
  const server = createServer((request, response) => {
    const sourceIp = options.trustForwarded ? takeForwarded(request) : undefined;
    if (sourceIp === null) return answer(response, 400, "X-Forwarded-For is not an address");
    const name = hostName(request);
    const domain = isThisMachine(name) ? throughPath(request, response) : domains.get(domainOf(name));
    if (response.writableEnded) return;
    if (!domain)
      return answer(
        response,
        421,
        `No service here is called ${name}. Known: ${[...domains.keys()].join(", ")}`,
      );
    if (domain.unreachable) return answer(response, 502, domain.unreachable);
    arrive(domain, request, response, sourceIp ?? options.sourceIp);
  });
  // A client that speaks bad HTTP or goes away is no reason to stop serving the others.
  server.on("clientError", (_, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;

  /** `entity-api.localhost` stands for that service's domain name. */
  function domainOf(name: string): string {
    const service = /^(.+)\.localhost$/.exec(name)?.[1];
    return (service && options.services[service]?.domain) ?? name;
  }

  /** `/entity-api/x` on plain localhost is `/x` of that service, wherever its domain has it. */
  function throughPath(request: IncomingMessage, response: ServerResponse): Domain | undefined {
    const [, service = "", rest = ""] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? "/") ?? [];
    const place = options.services[service];
    if (!place) {
      response.writeHead(service === "" ? 200 : 404, { "content-type": "text/plain; charset=utf-8" });
      response.end(options.index());
      return undefined;
    }
    const base = place.basePath === "" ? "" : `/${place.basePath}`;
    request.url = `${base}${rest.startsWith("/") ? "" : "/"}${rest}`;
    return domains.get(place.domain);
  }

  function arrive(
    domain: Domain,
    request: IncomingMessage,
    response: ServerResponse,
    sourceIp: string,
  ): void {
    rename(request, domain.name);
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const mapping = domain.mappings.find(({ basePath }) => within(path, basePath));
    if (!mapping?.handle) forbidden(response);
    else
      void mapping.handle(request, response, {
        sourceIp,
        domainName: domain.name,
        basePath: mapping.basePath,
      });
  }
}

/** Whether `path` is the base path itself or below it. */
function within(path: string, basePath: string): boolean {
  return basePath === "" || path === `/${basePath}` || path.startsWith(`/${basePath}/`);
}

function hostName(request: IncomingMessage): string {
  const host = (request.headers.host ?? "").toLowerCase();
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
}

function isThisMachine(name: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]", ""].includes(name);
}

/** The request as if it had been sent to the domain name itself. */
function rename(request: IncomingMessage, domainName: string): void {
  request.headers.host = domainName;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === "host") request.rawHeaders[index + 1] = domainName;
  }
}

/**
 * Takes the last address out of `X-Forwarded-For`, which the nearest proxy put there: the request is then the one
 * that this proxy's caller sent. Null when it is no address.
 */
function takeForwarded(request: IncomingMessage): string | undefined | null {
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

/** What a custom domain name answers where no mapping leads on, or one leads nowhere. */
function forbidden(response: ServerResponse): void {
  response.setHeader("x-amzn-errortype", "ForbiddenException");
  answer(response, 403, "Forbidden");
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ message }));
}
