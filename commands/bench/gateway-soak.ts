import { fork } from "node:child_process";
import { Agent, createServer, request as send } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { BenchRow } from "./row";

/** Seconds of load; a sixth of it again warms up. */
const SECONDS = Number(process.env.SOAK_SECONDS ?? 60);
const CLIENTS = 40;

interface State {
  rss: number;
  heapUsed: number;
  sockets: number;
  timers: number;
}

/**
 * The local gateway under slow and dropped clients, and backends that hang, reset, stop half way or send bad HTTP:
 * what memory and sockets are left when it is quiet again, against what they were before, and whether good requests
 * in between were answered.
 */
export async function run(): Promise<BenchRow[]> {
  const backend = await misbehaving();
  const gateway = await start(backend.url);
  try {
    await load(gateway.url, SECONDS / 6);
    await quiet();
    const before = await gateway.state();
    const { good, bad, total } = await load(gateway.url, SECONDS);
    await quiet();
    const after = await gateway.state();
    const mb = (bytes: number): number => Math.round(bytes / 1024 / 1024);
    return [
      row("good requests answered among bad ones", good, "requests", "sent", good + bad, bad === 0, "all"),
      row("misuse survived", total, "requests", "crashes", 0, true),
      row(
        "memory when quiet again (RSS)",
        mb(after.rss),
        "MB",
        "before the load",
        mb(before.rss),
        after.rss - before.rss < 50 * 1024 * 1024,
        "+ 50 MB",
      ),
      row(
        "heap when quiet again",
        mb(after.heapUsed),
        "MB",
        "before the load",
        mb(before.heapUsed),
        after.heapUsed - before.heapUsed < 10 * 1024 * 1024,
        "+ 10 MB",
      ),
      row(
        "open sockets when quiet again",
        after.sockets,
        "sockets",
        "before",
        before.sockets,
        after.sockets <= before.sockets + 2,
        "the same",
      ),
      row(
        "timers when quiet again",
        after.timers,
        "timers",
        "before",
        before.timers,
        after.timers <= before.timers + 2,
        "the same",
      ),
    ];
  } finally {
    gateway.stop();
    backend.close();
  }
}

function row(
  name: string,
  value: number,
  unit: string,
  reference: string,
  referenceValue: number,
  met: boolean,
  target?: string,
): BenchRow {
  const ratio = referenceValue === 0 ? 0 : value / referenceValue;
  return { name, value, unit, reference, referenceValue, ratio, target, met };
}

/** Connections are kept alive for some seconds on either side. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.min(8, SECONDS) * 1000));

/** `CLIENTS` at a time, each doing one thing of the list after the other. */
async function load(url: string, seconds: number): Promise<{ good: number; bad: number; total: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const until = Date.now() + seconds * 1000;
  const seen = { good: 0, bad: 0, total: 0 };
  const client = async (first: number): Promise<void> => {
    for (let turn = first; Date.now() < until; turn += 1) {
      const misuse = MISUSES[turn % MISUSES.length] as Misuse;
      await misuse(url, agent);
      seen.total += 1;
      const status = await get(`${url}/fine`, agent);
      if (status === 200) seen.good += 1;
      else {
        seen.bad += 1;
        console.error(`a good request got ${status || "no answer"}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, first) => client(first)));
  agent.destroy();
  return seen;
}

type Misuse = (url: string, agent: Agent) => Promise<unknown>;

const MISUSES: Misuse[] = [
  ...[
    "/hang",
    "/reset",
    "/garbage",
    "/half",
    "/drip",
    "/header",
    "/empty",
    "/function/hang",
    "/function/fail",
    "/denied",
  ].map(
    (path): Misuse =>
      (url, agent) =>
        get(url + path, agent),
  ),
  // A client that goes away while a large answer comes, one that reads it slowly, one that stops in its own body.
  (url) => gone(`${url}/large`, 5),
  (url) => slowReader(url),
  (url) => raw(url, "POST /fine HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\npart", 30),
  (url) => raw(url, "GET /fine HTTP/1.1\r\nHost: x\r\nX-Never-Ends: ", 30),
  (url) => raw(url, "\u0000\u0001 this is not HTTP\r\n\r\n", 10),
  (url) => raw(url, "", 20),
  (url) => raw(url, "GET /hang HTTP/1.1\r\nHost: x\r\n\r\n", 20),
];

/** The answer's status; 0 when there is no whole answer. */
function get(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const request = send(url, { agent, headers: { authorization: "x" } }, (response) => {
      response.resume();
      response.on("close", () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
      response.on("error", () => {});
    });
    request.on("error", () => resolve(0));
    request.end();
  });
}

function gone(url: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const request = send(url, { agent: false }, (response) => {
      response.on("error", () => {});
      response.once("data", () => setTimeout(() => request.destroy(), afterMs));
    });
    request.on("error", () => {});
    request.on("close", resolve);
    request.end();
  });
}

function slowReader(url: string): Promise<void> {
  return new Promise((resolve) => {
    const request = send(`${url}/large`, { agent: false }, (response) => {
      response.pause();
      const timer = setInterval(() => response.read(16 * 1024), 10);
      setTimeout(() => {
        clearInterval(timer);
        request.destroy();
      }, 200);
      response.on("error", () => {});
    });
    request.on("error", () => {});
    request.on("close", resolve);
    request.end();
  });
}

/** Writes text to a connection and drops it after a while. */
function raw(url: string, text: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      if (text) socket.write(text);
      setTimeout(() => socket.destroy(), afterMs);
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

function misbehaving(): Promise<{ url: string; close(): void }> {
  const large = Buffer.alloc(2 * 1024 * 1024, 97);
  const server = createServer((request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    switch (request.url?.split("?")[0]) {
      case "/hang":
        return;
      case "/reset":
        request.socket.resetAndDestroy();
        return;
      case "/garbage":
        request.socket.end("this is not HTTP\r\n\r\n");
        return;
      case "/header":
        request.socket.end("HTTP/1.1 200 OK\r\nBad Header Name: x\r\nContent-Length: 2\r\n\r\n{}");
        return;
      case "/empty":
        request.socket.end();
        return;
      case "/half":
        response.writeHead(200, { "Content-Length": "100000" });
        response.write("half of it");
        setTimeout(() => request.socket.destroy(), 20);
        return;
      case "/drip": {
        response.writeHead(200);
        const timer = setInterval(() => response.write("."), 20);
        request.socket.on("close", () => clearInterval(timer));
        return;
      }
      case "/large":
        response.end(large);
        return;
      default:
        request.resume();
        request.on("end", () => response.end("{}"));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
}

function start(backend: string): Promise<{ url: string; state(): Promise<State>; stop(): void }> {
  const child = fork(`${__dirname}/gateway-soak-server.ts`, [backend], {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      // Whatever is awaited by then, the benchmark has its answer.
      if (child.connected || code !== 0) {
        console.error(`the gateway ended with ${code}`);
        process.exit(1);
      }
    });
    child.once("error", reject);
    child.once("message", (url) =>
      resolve({
        url: String(url),
        state: () =>
          new Promise((measured) => {
            child.once("message", (state) => measured(state as State));
            child.send("state");
          }),
        stop: () => {
          child.removeAllListeners("exit");
          child.kill();
        },
      }),
    );
  });
}

if (require.main === module) {
  run().then((rows) => console.table(rows));
}
