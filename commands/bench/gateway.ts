import { fork } from "node:child_process";
import type { BenchRow } from "./row";

/** The part of autocannon that is used; it brings no types. */
const autocannon = require("autocannon") as (options: {
  url: string;
  connections: number;
  duration: number;
  headers: Record<string, string>;
}) => Promise<{ requests: { average: number }; non2xx: number; errors: number }>;

/** Connections of the load generator, and seconds per measurement. */
const CONNECTIONS = 50;
const SECONDS = 6;

/** A server of `gateway-servers.ts` in a process of its own, as none of them may cost the others time. */
interface Server {
  url: string;
  memoryMb(): Promise<number>;
  stop(): void;
}

/**
 * Requests per second through the local gateway against a bare reverse proxy on undici to the same backend, in one run:
 * an open http_proxy route, and one behind an uncached authorizer written in JavaScript.
 */
export async function run(): Promise<BenchRow[]> {
  const backend = await start("backend");
  const servers = [backend];
  try {
    const bare = await start("bare", backend.url);
    const gateway = await start("gateway", backend.url);
    servers.push(bare, gateway);
    // A round each to warm up, then alternating rounds: the machine's mood hits all alike.
    const targets = {
      bare: bare.url,
      open: `${gateway.url}/open/1`,
      authorized: `${gateway.url}/authorized/1`,
    };
    for (const url of Object.values(targets)) await load(url, 2);
    const rates: Record<string, number> = { bare: 0, open: 0, authorized: 0 };
    for (let round = 0; round < 2; round += 1) {
      for (const [name, url] of Object.entries(targets))
        rates[name] = (rates[name] ?? 0) + (await load(url, SECONDS)) / 2;
    }
    const memory = await gateway.memoryMb();
    return [
      ratio("open http_proxy route", rates.open as number, rates.bare as number, 0.75),
      ratio(
        "http_proxy route behind an uncached authorizer",
        rates.authorized as number,
        rates.bare as number,
        0.6,
      ),
      {
        name: "memory of the gateway after the load",
        value: memory,
        unit: "MB",
        reference: "bound",
        referenceValue: 350,
        ratio: memory / 350,
        target: "ratio <= 1",
        met: memory <= 350,
      },
    ];
  } finally {
    for (const server of servers) server.stop();
  }
}

function ratio(name: string, value: number, referenceValue: number, least: number): BenchRow {
  return {
    name,
    value: Math.round(value),
    unit: "requests/s",
    reference: "bare reverse proxy on undici",
    referenceValue: Math.round(referenceValue),
    ratio: value / referenceValue,
    target: `ratio >= ${least}`,
    met: value / referenceValue >= least,
  };
}

async function load(url: string, duration: number): Promise<number> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    headers: { authorization: "Bearer x" },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return result.requests.average;
}

function start(kind: string, upstream = ""): Promise<Server> {
  const child = fork(`${__dirname}/gateway-servers.ts`, [kind, upstream], { execArgv: process.execArgv });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the ${kind} server ended with ${code}`)));
    child.once("message", (url) =>
      resolve({
        url: String(url),
        memoryMb: () =>
          new Promise((measured) => {
            child.once("message", (bytes) => measured(Math.round(Number(bytes) / 1024 / 1024)));
            child.send("memory");
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
