import assert from "node:assert/strict";
import { Agent, request as send } from "node:http";
import { connect } from "node:net";
import { type ServedDefinition, serveDefinition } from "../../../gateway";
import { type Backend, backend, lambdaProxy, openapi, operation } from "./support";

/** A backend that misbehaves as its path says. */
const misbehaving = () =>
  backend((request, response) => {
    switch (request.url?.split("?")[0]) {
      case "/hang":
        return;
      case "/reset":
        request.socket.resetAndDestroy();
        return;
      case "/garbage":
        request.socket.end("NOT HTTP AT ALL\r\n\r\n");
        return;
      case "/half":
        response.writeHead(200, { "Content-Length": "100000" });
        response.write("half of it");
        setTimeout(() => request.socket.destroy(), 20);
        return;
      case "/large":
        response.end(Buffer.alloc(2 * 1024 * 1024, 97));
        return;
      default:
        request.resume();
        request.on("end", () => response.end("{}"));
    }
  });

describe("robustness", () => {
  let bad: Backend;
  let served: ServedDefinition;
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);

  before(async () => {
    process.on("unhandledRejection", note);
    bad = await misbehaving();
    served = await serveDefinition({
      definition: openapi({
        "/f": { get: operation(lambdaProxy("f")) },
        "/{proxy+}": {
          "x-amazon-apigateway-any-method": operation({
            type: "http_proxy",
            httpMethod: "ANY",
            uri: `${bad.origin}/{proxy}`,
            timeoutInMillis: 1_000,
            requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
          }),
        },
      }),
      functions: { f: () => Promise.reject(undefined) },
    });
  });
  after(async () => {
    await served.close();
    await bad.close();
    process.off("unhandledRejection", note);
  });

  const get = async (path: string): Promise<number> => {
    try {
      const answer = await fetch(served.url + path);
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  };

  it("backends that hang, reset, send garbage or stop half way cause gateway errors or cut connections", async () => {
    assert.equal(await get("/hang"), 504);
    assert.equal(await get("/reset"), 504);
    assert.equal(await get("/garbage"), 504);
    assert.equal(await get("/half"), 0);
    assert.equal(await get("/f"), 502);
    assert.equal(await get("/fine"), 200);
  });
  it("it still responds after a bounded load of all of them, without unhandled rejections or growing memory", async () => {
    const kinds = ["/hang", "/reset", "/garbage", "/half", "/large", "/fine", "/f"];
    const round = () =>
      Promise.all(Array.from({ length: 70 }, (_, index) => get(kinds[index % kinds.length] as string)));
    await round();
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 5; i += 1) await round();
    global.gc?.();
    assert.equal(await get("/fine"), 200);
    assert.deepEqual(rejections, []);
    assert.ok(process.memoryUsage().heapUsed - before < 60 * 1024 * 1024);
  });
  it("clients that go away in the middle end the backend's request", async () => {
    for (let i = 0; i < 20; i += 1) {
      const request = send(`${served.url}/large`);
      request.on("error", () => {});
      request.on("response", (response) => response.once("data", () => response.destroy()));
      request.end();
      const hanging = send(`${served.url}/hang`);
      hanging.on("error", () => {});
      hanging.end();
      setTimeout(() => hanging.destroy(), 5);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(await get("/fine"), 200);
    assert.deepEqual(rejections, []);
  });
  it("a client that stops in the middle of its body, and one that speaks no HTTP", async () => {
    const port = Number(new URL(served.url).port);
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("POST /fine HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\npart"),
    );
    setTimeout(() => socket.destroy(), 30);
    const nonsense = connect(port, "127.0.0.1", () => nonsense.write("\u0000\u0001nonsense\r\n\r\n"));
    nonsense.on("error", () => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    nonsense.destroy();
    assert.equal(await get("/fine"), 200);
    assert.deepEqual(rejections, []);
  });
  it("more than 10 MB without a length is 413", async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = send(`${served.url}/fine`, { method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on("error", reject);
      const chunk = Buffer.alloc(1024 * 1024, 97);
      let sent = 0;
      const more = (): void => {
        if (sent >= 11) {
          request.end();
          return;
        }
        sent += 1;
        if (request.write(chunk)) setImmediate(more);
        else request.once("drain", more);
      };
      more();
    });
    assert.equal(status, 413);
  });
  it("a connection is usable after a 413", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const status = (path: string, method: string, body?: Buffer) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = send(`${served.url}${path}`, { agent, method }, (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode));
        });
        request.on("error", reject);
        request.setHeader("Transfer-Encoding", "chunked");
        request.end(body);
      });
    assert.equal(await status("/fine", "POST", Buffer.alloc(11 * 1024 * 1024)), 413);
    assert.equal(await status("/fine", "POST", Buffer.from("x")), 200);
    agent.destroy();
  });
  it("an absolute-form target is read like an origin-form one [RFC 9112, 3.2.2]", async () => {
    const proxied = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(served.url);
      send({ host: "127.0.0.1", port, path: "http://api.example.org/f", method: "GET" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    // The function of /f fails; an unknown path would be 403.
    assert.equal(proxied, 502);
  });

  it("two served definitions share no state, and a closed one frees its port", async () => {
    const one = await serveDefinition({
      definition: openapi({ "/f": { get: operation(lambdaProxy("f")) } }),
      functions: { f: async () => ({ statusCode: 201 }) },
    });
    const port = Number(new URL(one.url).port);
    assert.equal((await fetch(`${one.url}/f`)).status, 201);
    await one.close();
    const two = await serveDefinition({
      definition: openapi({ "/f": { get: operation(lambdaProxy("f")) } }),
      functions: { f: async () => ({ statusCode: 202 }) },
      port,
    });
    assert.equal((await fetch(`${two.url}/f`)).status, 202);
    await two.close();
  });
});
