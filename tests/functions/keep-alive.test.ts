import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { createKeepAlive, type KeepAliveEvent } from "../../functions/keep-alive/handler";
import { withOutput } from "./output";

describe("the keep-alive function", () => {
  let server: http.Server;
  let url: string;
  let statuses: Record<string, number[]>;
  let calls: string[];
  before(async () => {
    server = http.createServer((request, response) => {
      const path = request.url ?? "";
      calls.push(`${request.method} ${path}`);
      response.writeHead(statuses[path]?.shift() ?? 200);
      response.end("{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    statuses = {};
    calls = [];
  });

  const run = (...paths: string[]) => {
    const targets = paths.map((path) => ({
      service: path.slice(1),
      url: path.startsWith("/") ? url + path : path,
    }));
    return withOutput(() => createKeepAlive({ RETRY_SECONDS: "0" })({ targets }));
  };

  it("calls every target once when all is well, and counts them", async () => {
    statuses = { "/b": [302] };
    const { output } = await run("/a", "/b");
    assert.deepEqual(calls.toSorted(), ["GET /a", "GET /b"]);
    assert.match(output, /"Reached":2,"NotReached":0/);
  });

  it("tries again while a link becomes available", async () => {
    statuses = { "/a": [504, 500, 503] };
    await run("/a");
    assert.equal(calls.length, 4);
  });

  it("fails naming each target that was not reached, after it has tried all", async () => {
    statuses = { "/a": Array(9).fill(503), "/c": Array(9).fill(403) };
    await assert.rejects(
      run("/a", "/b", "/c"),
      /^Error: No healthy response from a \(status 503\), c \(status 403\)$/,
    );
    assert.equal(calls.filter((call) => call === "GET /b").length, 1);
    assert.equal(calls.filter((call) => call === "GET /a").length, 4);
  });

  it("fails for a target that does not listen", async () => {
    await assert.rejects(run("http://127.0.0.1:1/x"), /127\.0\.0\.1:1: ECONNREFUSED/);
  });

  it("fails for an event without targets, or with malformed ones", async () => {
    const events = [
      undefined,
      {},
      [],
      { targets: {} },
      { targets: [1] },
      { targets: [{ service: "a", url: "file:///x" }] },
    ];
    for (const event of events as KeepAliveEvent[]) {
      const failing = withOutput(() => createKeepAlive({})(event));
      await assert.rejects(failing, /The event has no list targets of \{service, url\}/);
    }
    assert.deepEqual(calls, []);
  });
});
