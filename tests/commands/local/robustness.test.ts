import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project-root";
import { fixtures } from "../../support/fixtures";

const PROC = "/proc";

/** What a client sends before it disconnects, and how. */
const REQUESTS: Record<string, string> = {
  "an upload of 2 MB that stops after 5 bytes":
    "POST PATH HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\nhello",
  "an upload of 100 bytes that stops after 5":
    "POST PATH HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhello",
  "a chunked upload without an end":
    "POST PATH HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
  "a chunk that is not one":
    "POST PATH HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
  "half a request line": "GET /unfin",
  "headers without an end": "GET PATH HTTP/1.1\r\nHost: local",
  "what is not HTTP": "\u0000\u0001\u0002 garbage\r\n\r\n",
  "a path of two slashes": "GET // HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "a path that is not a URL": "GET //[:x HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "an asterisk": "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "no Host header": "GET PATH HTTP/1.1\r\n\r\n",
  "an upgrade": "GET PATH HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "a tunnel": "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
};

describe("npm run local, running", () => {
  let command: ChildProcess;
  let output = "";
  let url = "";

  before(async function () {
    this.timeout(120_000);
    if (!existsSync(join(PROC, "net/tcp"))) {
      console.log("      skipped: finding the processes' ports needs /proc");
      this.skip();
    }
    command = spawn(
      process.execPath,
      [
        ...["-r", join(projectRoot, "lib/typescript.js"), join(projectRoot, "commands/local/index.ts")],
        ...["--stack", "dev", "--port", "0"],
      ],
      { cwd: fixtures, stdio: ["ignore", "pipe", "pipe"] },
    );
    const collect = (chunk: Buffer) => {
      output += chunk;
      url ||= /http:\/\/localhost:\d+/.exec(output)?.[0] ?? "";
    };
    command.stdout?.on("data", collect);
    command.stderr?.on("data", collect);
    for (let waited = 0; url === "" && command.exitCode === null && waited < 100; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.notEqual(url, "", output);
  });
  after(() => command?.kill("SIGKILL"));

  it("survives every broken request on every port of every process", async function () {
    this.timeout(120_000);
    const services = [...output.matchAll(/^\s*([a-z][a-z0-9-]*-api)\b/gm)].map(([, name]) => name as string);
    assert.ok(services.length > 0, output);
    const processes = descendants(command.pid as number);
    const ports = processes.flatMap(portsOf);
    // The edge, the identity provider and a stub per backend.
    assert.ok(ports.length > 2, JSON.stringify(ports));
    const paths = ["/", ...services.map((service) => `/${service}/status`)];
    for (const port of ports)
      await Promise.all(
        Object.values(REQUESTS).flatMap((text) =>
          (text.includes("PATH") ? paths : ["/"]).flatMap((path) =>
            [false, true].map((isReset) => disconnect(port, text.replace("PATH", path), isReset)),
          ),
        ),
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(command.exitCode, null, output);
    assert.deepEqual(
      descendants(command.pid as number).filter((pid) => processes.includes(pid)),
      processes,
      output,
    );
    assert.deepEqual(processes.flatMap(portsOf), ports);
    for (const service of services) {
      const { status } = await fetch(`${url}/${service}/status`);
      assert.ok(status < 500, `${service}: ${status}`);
    }
  });
});

/** Sends a text and closes the connection, by FIN or RST, before any response is read. */
function disconnect(port: number, text: string, isReset: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.on("connect", () => {
      socket.write(text, "latin1");
      setTimeout(() => (isReset ? socket.resetAndDestroy() : socket.destroy()), 150);
    });
  });
}

function descendants(pid: number): number[] {
  const parents = readdirSync(PROC)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(join(PROC, name, "stat"));
      const parent = /\) \S (\d+)/.exec(stat)?.[1];
      return parent === undefined ? [] : [[Number(name), Number(parent)] as const];
    });
  const found = [pid];
  for (const id of found)
    found.push(...parents.filter(([, parent]) => parent === id).map(([child]) => child));
  return found;
}

/** IPv4 ports that a process listens on. */
function portsOf(pid: number): number[] {
  const sockets = new Set(
    list(join(PROC, String(pid), "fd")).flatMap((fd) => {
      const target = link(join(PROC, String(pid), "fd", fd));
      return /^socket:\[(\d+)\]$/.exec(target)?.slice(1) ?? [];
    }),
  );
  const LISTEN = "0A";
  return read(join(PROC, "net/tcp"))
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && sockets.has(fields[9] ?? ""))
    .map((fields) => Number.parseInt((fields[1] as string).split(":")[1] as string, 16))
    .sort((a, b) => a - b);
}

/** A process may end while it is looked at. */
function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
const read = (file: string): string => attempt(() => readFileSync(file, "utf8"), "");
const list = (folder: string): string[] => attempt(() => readdirSync(folder), []);
const link = (file: string): string => attempt(() => readlinkSync(file), "");
