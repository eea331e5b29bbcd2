import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { freePorts } from "../../../../commands/local/nginx/free-ports";
import { startNginx } from "../../../../commands/local/nginx/nginx";
import { call, configuration, requireNginx, service, stub } from "./support";

const megabyte = 2 ** 20;

describe("Nginx under load", () => {
  async function started(suite: Mocha.Context, upstreamPort: number, changes: object = {}) {
    const nginx = requireNginx(suite);
    const ports = await freePorts(["service", "health"]);
    const port = ports.get("service") ?? 0;
    const upstream = { protocol: "http" as const, host: "127.0.0.1", port: upstreamPort };
    const settings = (more: object = {}) =>
      configuration({
        healthPort: ports.get("health") ?? 0,
        services: [service({ port, upstream, ...changes, ...more })],
      });
    return { proxy: await startNginx(nginx, settings()), url: `http://127.0.0.1:${port}`, settings };
  }

  it("streams an upload of 100 MB with flat memory and no temporary file", async function () {
    if (process.platform !== "linux") {
      console.log("      skipped: needs /proc to read Nginx's memory");
      this.skip();
    }
    let received = 0;
    let firstAt = 0;
    let open: string[] = [];
    let worker = 0;
    let sent = 0;
    const upstream = await stub((req, res) => {
      req.on("data", (chunk: Buffer) => {
        firstAt ||= sent;
        if (open.length === 0 && received > 50 * megabyte) open = openFiles(worker);
        received += chunk.length;
      });
      req.on("end", () => res.end(String(received)));
    });
    const { proxy, url } = await started(this, upstream.port, { maxBodyMb: 200 });
    worker = workers(proxy.pid)[0] ?? 0;
    const before = peakMemory(worker);
    const chunk = Buffer.alloc(64 * 1024, "x");
    const body = Readable.from(
      (function* () {
        for (; sent < 100 * megabyte; sent += chunk.length) yield chunk;
      })(),
      { objectMode: false },
    );
    const answer = await call(url, {
      method: "POST",
      body,
      headers: { "content-length": String(100 * megabyte) },
    });
    const grown = peakMemory(worker) - before;
    await proxy.close();
    await upstream.close();
    assert.equal(answer.body, String(100 * megabyte));
    assert.ok(grown < 8 * megabyte, `the worker grew by ${grown} bytes`);
    assert.ok(firstAt < 50 * megabyte, `the partner saw its first byte after ${firstAt} were sent`);
    assert.ok(
      open.some((path) => path.startsWith("socket:")),
      "the worker was looked at while it worked",
    );
    assert.deepEqual(
      open.filter((path) => path.includes("/run/")),
      [],
    );
  });

  it("streams a download", async function () {
    let release = () => {};
    const upstream = await stub((_req, res) => {
      res.write("first");
      release = () => res.end("last");
    });
    const { proxy, url } = await started(this, upstream.port);
    const answer = await fetchFirst(url, () => release());
    await proxy.close();
    await upstream.close();
    assert.deepEqual(answer, ["first", "last"]);
  });

  it("loses no request during repeated reloads", async function () {
    const upstream = await stub((req, res) => {
      req.resume();
      setTimeout(() => res.end("ok"), 20);
    });
    const { proxy, url, settings } = await started(this, upstream.port);
    const statuses: number[] = [];
    let reloading = true;
    const caller = async () => {
      while (reloading) statuses.push((await call(url, { method: "POST", body: "x".repeat(1000) })).status);
    };
    const callers = Promise.all(Array.from({ length: 8 }, caller));
    for (let size = 11; size <= 15; size++) await proxy.reload(settings({ maxBodyMb: size }));
    reloading = false;
    await callers;
    await proxy.close();
    await upstream.close();
    assert.ok(statuses.length > 20, `only ${statuses.length} requests`);
    assert.deepEqual(new Set(statuses), new Set([200]));
  });

  it("keeps the old configuration when it refuses the new one", async function () {
    const upstream = await stub();
    const { proxy, url, settings } = await started(this, upstream.port);
    const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const refused = settings({ upstream: { protocol: "https", host: "vm.example.edu", port: 1, ca } });
    await assert.rejects(proxy.reload(refused), /upstream\.ca: .* is not a PEM file/);
    const taken = settings();
    Object.assign(taken, { healthPort: upstream.port });
    await assert.rejects(proxy.reload(taken), /bind\(\) to 127\.0\.0\.1:\d+ failed/);
    const answer = await call(url);
    await proxy.close();
    await upstream.close();
    assert.equal(answer.status, 200);
  });
});

/** The chunks of an answer; `next` is called when the first is there. */
async function fetchFirst(url: string, next: () => void): Promise<string[]> {
  const chunks: string[] = [];
  const { request } = await import("node:http");
  await new Promise<void>((settle, reject) => {
    request(url, { headers: { host: "x.elb.us-east-1.amazonaws.com" }, agent: false }, (incoming) => {
      incoming.on("data", (chunk: Buffer) => {
        if (chunks.push(String(chunk)) === 1) next();
      });
      incoming.on("end", settle);
    })
      .on("error", reject)
      .end();
  });
  return chunks;
}

/** Process ids of the master's workers. */
function workers(master: number): number[] {
  return readFileSync(`/proc/${master}/task/${master}/children`, "utf8").trim().split(" ").map(Number);
}

/** Largest resident size so far, in bytes. */
function peakMemory(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1]) * 1024;
}

/** What the process has open: paths of files, names of sockets. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).map((descriptor) => readlinkSync(join(folder, descriptor)));
}
