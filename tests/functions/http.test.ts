import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { HttpError, request } from "../../functions/shared/http";
import { type Behaviour, type GlobusServer, startGlobus } from "./globus-server";

const secret = "Bearer very-secret-token";
// Generous, so that a busy machine fails no test; `impatient` is for those that wait in vain.
const limits = { connectMs: 10_000, totalMs: 10_000, bytes: 1000, retries: 1 };
const impatient = { ...limits, totalMs: 300 };

describe("a request to an identity provider", () => {
  let server: GlobusServer;
  before(async () => {
    server = await startGlobus();
  });
  after(() => server.close());
  beforeEach(() => {
    server.received.length = 0;
    for (const queue of Object.values(server.next)) queue.length = 0;
  });

  const ask = (...behaviours: Behaviour[]) => {
    server.next.groups.push(...behaviours);
    const waits = behaviours.some((behaviour) => behaviour === "hang" || behaviour === "trickle");
    const headers = { Authorization: secret };
    return request({ url: `${server.url}/groups`, headers, limits: waits ? impatient : limits });
  };
  const fails = (promise: Promise<unknown>, reason: RegExp) =>
    assert.rejects(promise, (error: Error) => {
      assert.ok(error instanceof HttpError, String(error));
      assert.match(error.message, reason);
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /very-secret/);
      return true;
    });

  it("returns status and body", async () => {
    assert.deepEqual(await ask({ status: 418, body: "é" }), { status: 418, body: "é" });
    assert.equal(server.received[0]?.headers.authorization, secret);
  });

  it("is repeated once after a 5xx", async () => {
    assert.equal((await ask({ status: 503 }, { body: "well" })).body, "well");
    assert.equal((await ask({ status: 503 }, { status: 502 }, { body: "too late" })).status, 502);
    assert.equal(server.received.length, 4);
  });

  it("is repeated once after a network error, and then fails", async () => {
    assert.equal((await ask("reset", { body: "well" })).body, "well");
    await fails(ask("reset", "reset", { body: "too late" }), /ECONNRESET|connection failed/);
    assert.equal(server.received.length, 4);
  });

  it("is not repeated after a 4xx", async () => {
    assert.equal((await ask({ status: 429 }, { body: "no" })).status, 429);
    assert.equal(server.received.length, 1);
  });

  it("ends when there is no response, or a slow one", async () => {
    await fails(ask("hang", "hang"), /no response within 300 ms/);
    await fails(ask("trickle", "trickle"), /no response within 300 ms/);
    assert.equal(server.received.length, 4);
  });

  it("fails when the server changes the protocol instead of responding", async () => {
    const changing = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"),
      );
    });
    await new Promise<void>((resolve) => changing.listen(0, "127.0.0.1", resolve));
    const { port } = changing.address() as net.AddressInfo;
    await fails(request({ url: `http://127.0.0.1:${port}/`, limits }), /closed without a response/);
    changing.close();
  });

  it("fails on a truncated response", async () => {
    await fails(ask("truncate", "truncate"), /ECONNRESET|connection failed/);
  });

  it("stops reading a response that is too large, and does not repeat the request", async () => {
    await fails(ask("endless"), /larger than 1000 bytes/);
    assert.equal(server.received.length, 1);
  });

  it("does not follow a redirect", async () => {
    const { status } = await ask({ status: 302, headers: { Location: `${server.url}/groups?elsewhere` } });
    assert.equal(status, 302);
    assert.equal(server.received.length, 1);
  });

  it("reuses a connection", async () => {
    for (let i = 0; i < 5; i++) await ask({ body: "x" });
    assert.equal(new Set(server.received.map(({ port }) => port)).size, 1);
  });

  it("fails when nobody listens, and when nobody accepts in time", async () => {
    await fails(request({ url: "http://127.0.0.1:1/", limits }), /127\.0\.0\.1:1: ECONNREFUSED/);
    await fails(
      request({ url: "https://name.invalid/", limits }),
      /name\.invalid: (ENOTFOUND|EAI_AGAIN|no )/,
    );
  });

  it("fails when the server does not speak TLS", async () => {
    await fails(
      request({
        url: `${server.url.replace("http:", "https:")}/groups`,
        headers: { Authorization: secret },
        limits,
      }),
      /EPROTO|ERR_SSL|ECONNRESET|connection failed/,
    );
    assert.deepEqual(server.received, [], "no byte of the request was understood");
  });

  it("ends a TLS handshake that does not complete", async () => {
    const silent = net.createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as net.AddressInfo;
    const quick = { ...limits, connectMs: 50, retries: 0 };
    await fails(request({ url: `https://127.0.0.1:${port}/`, limits: quick }), /no connection within 50 ms/);
    silent.close();
  });

  it("does not trust a self-signed certificate", async function () {
    const tls = selfSigned();
    if (tls === undefined) {
      console.log("      skipped: needs openssl to make a certificate");
      return this.skip();
    }
    const impostor = await startGlobus(tls);
    try {
      await fails(
        request({ url: `${impostor.url}/groups`, headers: { Authorization: secret }, limits }),
        /SELF_SIGNED/,
      );
      assert.deepEqual(impostor.received, []);
    } finally {
      await impostor.close();
    }
  });
});

function selfSigned(): { key: string; cert: string } | undefined {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "certificate-"));
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  try {
    const options = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "1",
      "-subj",
      "/CN=127.0.0.1",
    ];
    execFileSync("openssl", ["req", "-x509", ...options, "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: fs.readFileSync(key, "utf8"), cert: fs.readFileSync(cert, "utf8") };
  } catch {
    return undefined;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
