import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline, Transform } from "node:stream";
import {
  loadBalancerName,
  type ProxyConfiguration,
  type ProxyService,
} from "../../../components/backends/psc/nginx/configuration";
import { untrusted } from "../../../components/backends/psc/nginx/proxy-settings";
import { hasDotSegment } from "../../../lib/dot-segments";
import { createRequestServer } from "../listen";

/** The proxy in Node.js, for machines without Nginx, with the same headers, limits and error responses. */
export interface StandIn {
  kind: "stand-in";
  description: string;
  log(): string[];
  close(): Promise<void>;
}

export async function startStandIn(configuration: ProxyConfiguration, description: string): Promise<StandIn> {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const servers = [
    ...configuration.services.map((service) =>
      listen(service.port, (req, res) => {
        if (accepts(req.headers.host)) pass(service, agents, req, res);
        else req.socket.destroy();
      }),
    ),
    listen(configuration.healthPort, (req, res) => {
      if (req.url === "/health") res.end(JSON.stringify({ status: "ok", stage: configuration.stage }));
      else req.socket.destroy();
    }),
  ];
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    kind: "stand-in",
    description,
    log: () => [],
    async close() {
      for (const agent of Object.values(agents)) agent.destroy();
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => once(server.close(), "close")));
    },
  };
}

function listen(port: number, handler: (req: IncomingMessage, res: ServerResponse) => void): Server {
  return createRequestServer(handler).listen(port, "127.0.0.1");
}

function accepts(host = ""): boolean {
  return loadBalancerName.test(host.replace(/:\d+$/, "").toLowerCase());
}

function pass(
  service: ProxyService,
  agents: { http: HttpAgent; https: HttpsAgent },
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const limit = service.maxBodyMb * 2 ** 20;
  const tooLarge = Number(req.headers["content-length"] ?? 0) > limit;
  if (tooLarge || hasDotSegment(req.url?.split("?")[0] ?? "")) {
    if (tooLarge) respond(res, 413, "Request body is too large");
    else respond(res, 400, "Bad request");
    req.resume();
    return;
  }
  const { protocol, host, port, serverName, ca } = service.upstream;
  const options: RequestOptions = {
    host,
    port,
    method: req.method,
    path: req.url,
    headers: forwardedHeaders(service, req),
    timeout: service.timeoutMs - Math.min(1000, Math.ceil(service.timeoutMs / 10)),
  };
  const outgoing =
    protocol === "https"
      ? httpsRequest({ ...options, agent: agents.https, ca, servername: serverName ?? host })
      : httpRequest({ ...options, agent: agents.http });
  outgoing.on("timeout", () => outgoing.destroy(Object.assign(new Error("timed out"), { status: 504 })));
  outgoing.on("response", (incoming) => {
    const { connection: _, ...headers } = incoming.headers;
    res.writeHead(incoming.statusCode ?? 502, headers);
    pipeline(incoming, res, () => {});
  });
  pipeline(req, atMost(limit), outgoing, (error) => {
    if (error) failed(res, error);
  });
  outgoing.on("error", (error) => failed(res, error));
}

function failed(res: ServerResponse, error: Error): void {
  const { status } = error as { status?: number };
  if (res.headersSent) res.destroy();
  else if (status === 413) respond(res, 413, "Request body is too large");
  else if (status === 504) respond(res, 504, "The backend did not answer in time");
  else respond(res, 502, "The backend cannot be reached");
}

function respond(res: ServerResponse, status: number, message: string): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}

function atMost(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(Object.assign(new Error("too large"), { status: 413 }));
      else done(null, chunk);
    },
  });
}

const replaced = new Set([
  ...["connection", "keep-alive", "host", "x-real-ip", "x-request-id"],
  ...["for", "host", "port", "prefix", "proto"].map((rest) => `x-forwarded-${rest}`),
  ...untrusted.map((header) => header.toLowerCase()),
]);

/** What the rendered configuration sends: see components/backends/psc/nginx/proxy-settings.ts. */
function forwardedHeaders(
  { upstream, publicUrl }: ProxyService,
  req: IncomingMessage,
): Record<string, string | string[]> {
  const kept = Object.entries(req.headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !replaced.has(entry[0]) && !entry[0].includes("_"),
  );
  const forwarded =
    String(req.headers["x-forwarded-for"] ?? "")
      .split(",")
      .at(-1)
      ?.trim() ?? "";
  const caller = /^[0-9a-fA-F.:]+$/.test(forwarded) ? forwarded : (req.socket.remoteAddress ?? "");
  const defaultPort = upstream.protocol === "https" ? 443 : 80;
  const name = upstream.serverName ?? upstream.host;
  const publicParts = publicUrl ? new URL(publicUrl) : undefined;
  return {
    ...Object.fromEntries(kept),
    host: upstream.port === defaultPort ? name : `${name}:${upstream.port}`,
    "x-forwarded-for": caller,
    "x-real-ip": caller,
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
    "x-request-id": randomUUID().replaceAll("-", ""),
    ...(publicParts && { "x-forwarded-host": publicParts.host }),
    ...(publicParts && publicParts.pathname !== "/" && { "x-forwarded-prefix": publicParts.pathname }),
  };
}
