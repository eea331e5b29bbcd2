import { execFileSync, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  Agent,
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type RequestOptions,
  request,
  type Server,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { findNginx, type NginxBinary } from "../../../../commands/local/nginx/binary";
import { NginxFolder } from "../../../../commands/local/nginx/folder";
import type { ProxyConfiguration, ProxyService } from "../../../../components/backends/psc/nginx";

export const loadBalancer = "psc-dev-0123456789abcdef.elb.us-east-1.amazonaws.com";

/** A configuration with one plain service; tests change what they are about. */
export function configuration(changes: Partial<ProxyConfiguration> = {}): ProxyConfiguration {
  return {
    stage: "dev",
    healthPort: 8079,
    resolvers: ["169.254.169.253"],
    services: [service()],
    ...changes,
  };
}

export function service(changes: Partial<ProxyService> = {}): ProxyService {
  return {
    name: "workspaces-api",
    port: 7777,
    upstream: { protocol: "http", host: "vm.example.edu", port: 5050 },
    maxBodyMb: 10,
    timeoutMs: 29000,
    ...changes,
  };
}

/** The installed Nginx, or a skipped suite that says why. */
export function requireNginx(suite: Mocha.Context): NginxBinary {
  const found = findNginx();
  if ("binary" in found) return found;
  console.log(`      skipped: ${found.reason}`);
  return suite.skip();
}

/** Runs `nginx -t` on the configuration as it is rendered for EC2, except for its folders. @returns Nginx's warnings */
export function testConfiguration(nginx: NginxBinary, of: ProxyConfiguration): string {
  const folder = new NginxFolder(nginx);
  try {
    folder.write(of, { address: undefined, workers: undefined });
    return folder.test();
  } finally {
    rmSync(folder.path, { recursive: true, force: true });
  }
}

export function requireOpenssl(suite: Mocha.Context): void {
  if (spawnSync("openssl", ["version"]).status === 0) return;
  console.log("      skipped: openssl is not installed");
  suite.skip();
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One request as API Gateway makes it: by the load balancer's name, on a connection of its own. */
export async function call(
  url: string,
  options: RequestOptions & { body?: Readable | string } = {},
): Promise<Answer> {
  const { body, headers, ...rest } = options;
  const outgoing = request(url, { agent: false, ...rest, headers: { host: loadBalancer, ...headers } });
  if (typeof body === "object") body.pipe(outgoing);
  else outgoing.end(body);
  const [incoming] = await once(outgoing, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return { status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(chunks).toString() };
}

/** A connection that is kept from request to request. */
export const keptConnection = () => new Agent({ keepAlive: true, maxSockets: 1 });

export interface Stub {
  origin: string;
  port: number;
  /** Number of connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

/** An http or https server on loopback; answers what it was sent unless `listener` says otherwise. */
export async function stub(
  listener: RequestListener = echo,
  options: { tls?: Certificate; address?: string; port?: number } = {},
): Promise<Stub> {
  const { tls, address = "127.0.0.1", port = 0 } = options;
  const server: Server = tls
    ? createHttpsServer({ key: tls.key, cert: tls.cert }, listener)
    : createHttpServer(listener);
  let connections = 0;
  // A test that fails leaves its servers open; they must not keep mocha from ending.
  server.unref();
  server.on("connection", (socket) => {
    socket.unref();
    connections += 1;
  });
  server.listen(port, address);
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  return {
    origin: `${tls ? "https" : "http"}://${address}:${bound}`,
    port: bound,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      if (server.listening) await once(server.close(), "close");
    },
  };
}

const echo: RequestListener = (req, res) => {
  req.resume();
  req.on("end", () => {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers }));
  });
};

export interface Certificate {
  cert: string;
  key: string;
}

/** A certificate authority of its own, made by openssl at test time. */
export function certificateAuthority(name: string): Certificate & { issue(serverName: string): Certificate } {
  const folder = mkdtempSync(join(tmpdir(), "gateway-ca-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
  );
  return {
    cert: read("ca.pem"),
    key: read("ca.key"),
    issue(serverName) {
      openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", `/CN=${serverName}`);
      writeFileSync(join(folder, "names"), `subjectAltName=DNS:${serverName}\n`);
      const signing = [
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
      ];
      openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", ...signing);
      return { cert: read("server.pem"), key: read("server.key") };
    },
  };
}

/** A DNS server on loopback that answers every A question with `address()`, to be kept for one second. */
export async function dnsServer(address: () => string): Promise<{ resolver: string; close(): void }> {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const nameEnd = question.indexOf(0, 12) + 1;
    const asked = question.subarray(12, nameEnd + 4); // name, type, class
    const header = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address().split(".").map(Number)]);
    socket.send(Buffer.concat([header, asked, answer]), from.port, from.address);
  });
  socket.unref();
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { resolver: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

/** Repeats `attempt` until `done`; mocha's own time limit ends it. */
export async function until<T>(attempt: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await attempt();
    if (done(value)) return value;
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

/** The first log line with `text`; Nginx writes it just after the answer is out. */
export async function logged(log: () => string[], text: string): Promise<string> {
  const find = async () => log().find((line) => line.includes(text));
  return (await until(find, (line) => line !== undefined)) ?? "";
}
