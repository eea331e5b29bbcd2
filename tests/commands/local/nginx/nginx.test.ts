import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { startProxy } from "../../../../commands/local/nginx";
import { findNginx } from "../../../../commands/local/nginx/binary";
import {
  call,
  configuration,
  keptConnection,
  loadBalancer,
  logged,
  requireNginx,
  service,
  stub,
} from "./support";

describe("Nginx in front of a PSC service", () => {
  before(function () {
    requireNginx(this);
  });

  it("reuses its connection to the partner for the next caller", async () => {
    const upstream = await stub();
    const proxy = await startProxy({ configuration: configuration(), upstream: () => upstream.origin });
    for (let count = 0; count < 20; count++) await call(proxy.originFor(7777));
    await proxy.close();
    await upstream.close();
    assert.equal(upstream.connections(), 1);
  });

  it("keeps a caller's connection open, even after an error response", async () => {
    const gone = await stub();
    await gone.close();
    const proxy = await startProxy({ configuration: configuration(), upstream: () => gone.origin });
    const agent = keptConnection();
    const statuses = [];
    for (let count = 0; count < 3; count++) {
      statuses.push((await call(proxy.originFor(7777), { agent })).headers.connection);
    }
    agent.destroy();
    await proxy.close();
    assert.deepEqual(statuses, ["keep-alive", "keep-alive", "keep-alive"]);
  });

  it("does not respond to requests without a host or to non-HTTP, and logs no query", async () => {
    const upstream = await stub();
    const proxy = await startProxy({ configuration: configuration(), upstream: () => upstream.origin });
    const port = Number(new URL(proxy.originFor(7777)).port);
    const hello = Buffer.from("16030100f0010000ec0303", "hex");
    const texts = [
      "GET /x?token=secret HTTP/1.1\r\n\r\n",
      "GET /x\r\n",
      "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n",
      hello,
    ];
    for (const text of texts) assert.equal(await raw(port, text), "", String(text));
    const split = `POST /x HTTP/1.1\r\nHost: ${loadBalancer}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    assert.match(await raw(port, split), /^HTTP\/1\.1 400 /);
    assert.equal(upstream.connections(), 0);
    await logged(proxy.log, '"status":400');
    const lines = proxy.log();
    await proxy.close();
    await upstream.close();
    assert.doesNotMatch(lines.join("\n"), /secret|uninitialized/);
    const requests = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    assert.ok(requests.every(({ service }) => service === "workspaces-api"));
  });

  it("reveals neither its version nor the partner's server", async () => {
    const upstream = await stub((_req, res) => res.setHeader("server", "partner/1.2").end("ok"));
    const proxy = await startProxy({ configuration: configuration(), upstream: () => upstream.origin });
    const answers = [
      await call(proxy.originFor(7777)),
      await call(proxy.originFor(7777), { method: "BAD METHOD" }).catch(() => undefined),
    ];
    await proxy.close();
    await upstream.close();
    assert.equal(answers[0]?.headers.server, "nginx");
    assert.doesNotMatch(JSON.stringify(answers), /nginx\/|partner/);
  });

  it("does not reveal the partner's address in a redirect", async () => {
    const publicUrl = "https://workspaces.api.example.org/v2";
    let location = "";
    const upstream = await stub((_req, res) => res.writeHead(302, { location }).end());
    location = `http://127.0.0.1:${upstream.port}/sign-in?next=/x`;
    const recorded = configuration({ services: [service({ publicUrl })] });
    const proxy = await startProxy({ configuration: recorded, upstream: () => upstream.origin });
    const answer = await call(proxy.originFor(7777));
    await proxy.close();
    await upstream.close();
    assert.equal(answer.headers.location, `${publicUrl}/sign-in?next=/x`);
  });

  it("writes one line of JSON per request, without headers or query", async () => {
    const upstream = await stub();
    const proxy = await startProxy({ configuration: configuration(), upstream: () => upstream.origin });
    await call(proxy.originFor(7777), {
      path: '/a"b\\c?token=secret',
      headers: { authorization: "Bearer secret" },
    });
    const line = await logged(proxy.log, '"event":"request"');
    const lines = proxy.log();
    await proxy.close();
    await upstream.close();
    const request = JSON.parse(line);
    assert.deepEqual([request.service, request.status, request.path], ["workspaces-api", 200, '/a"b\\c']);
    assert.doesNotMatch(lines.join("\n"), /secret/);
  });

  it("reports the upstream's health on the health port, to itself only", async () => {
    const upstream = await stub((req, res) => res.writeHead(req.url === "/status" ? 200 : 418).end());
    const psc = service({
      upstream: { protocol: "http", host: "vm.example.edu", port: 5050, healthPath: "/status" },
    });
    const proxy = await startProxy({
      configuration: configuration({ services: [psc] }),
      upstream: () => upstream.origin,
    });
    const url = `${proxy.originFor(8079)}/upstream/workspaces-api`;
    const well = await call(url);
    const fromElsewhere = await call(url, { localAddress: "127.0.0.2" });
    await upstream.close();
    const gone = await call(url);
    await proxy.close();
    assert.deepEqual([well.status, fromElsewhere.status, gone.status], [200, 403, 502]);
  });

  it("leaves no process and no folder", async () => {
    const proxy = await startProxy({ configuration: configuration(), upstream: () => "http://127.0.0.1:9" });
    const { port } = new URL(proxy.originFor(7777));
    await proxy.close();
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise((settle) => socket.once("error", settle));
    assert.ok(!socket.connecting);
  });

  it("is reported as not installed when it is missing", () => {
    assert.deepEqual(findNginx("/nonexistent/nginx"), { reason: "nginx is not installed" });
    assert.ok(!existsSync("/nonexistent/nginx"));
  });
});

/** What comes back, until the connection closes, for bytes sent as they are. */
async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await new Promise((closed) => socket.once("close", closed));
  return answer;
}
