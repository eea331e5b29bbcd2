import assert from "node:assert/strict";
import { request, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../../../commands/local/listen";
import { createEdgeServer, type Handle } from "../../../../commands/local/serve/edge-server";

describe("The front", () => {
  let front: Server;
  let port: number;

  const tells =
    (api: string): Handle =>
    (incoming, response, arrival) => {
      const { host, "x-forwarded-for": forwarded } = incoming.headers;
      response.end(JSON.stringify({ api, url: incoming.url, host, forwarded, ...arrival }));
    };

  async function start(trustForwarded: boolean) {
    front?.close();
    front = createEdgeServer({
      domains: [
        { name: "uuid-api.dev.example.org", mappings: [{ basePath: "", handle: tells("uuid") }] },
        {
          name: "search.dev.example.org",
          mappings: [
            { basePath: "v3/beta", handle: tells("beta") },
            { basePath: "v3", handle: tells("v3") },
            { basePath: "old" },
          ],
        },
        { name: "lost.dev.example.org", mappings: [], unreachable: "no DNS record leads to it" },
      ],
      services: {
        "uuid-api": { domain: "uuid-api.dev.example.org", basePath: "" },
        "search-api": { domain: "search.dev.example.org", basePath: "v3" },
      },
      sourceIp: "192.0.2.1",
      trustForwarded,
      index: () => "Services: uuid-api, search-api",
    });
    port = Number(new URL(await listen(front)).port);
  }

  before(() => start(false));
  after(() => front.close());

  async function get(host: string, path: string, headers: Record<string, string> = {}) {
    const sent = request({ host: "127.0.0.1", port, path, headers: { host, ...headers } }).end();
    return new Promise<{ status?: number; body: string; seen: Record<string, string> }>((resolve, reject) => {
      sent.on("error", reject);
      sent.on("response", async (response) => {
        const body = await text(response);
        resolve({ status: response.statusCode, body, seen: body.startsWith("{") ? JSON.parse(body) : {} });
      });
    });
  }

  it("finds a domain by its Host header, whatever the case and port", async () => {
    const { seen } = await get("UUID-api.dev.example.org:8080", "/status?a=1");
    assert.deepEqual(seen, {
      api: "uuid",
      url: "/status?a=1",
      host: "uuid-api.dev.example.org",
      sourceIp: "192.0.2.1",
      domainName: "uuid-api.dev.example.org",
      basePath: "",
    });
  });

  it("takes <service>.localhost for the service's domain name", async () => {
    const { seen } = await get("uuid-api.localhost:8080", "/x");
    assert.deepEqual([seen.api, seen.host, seen.url], ["uuid", "uuid-api.dev.example.org", "/x"]);
  });

  it("takes the first segment on plain localhost for the service, under its base path", async () => {
    assert.equal((await get("localhost:8080", "/uuid-api/uuid/1?q=2")).seen.url, "/uuid/1?q=2");
    assert.equal((await get("127.0.0.1", "/uuid-api")).seen.url, "/");
    const { seen } = await get("localhost", "/search-api/search");
    assert.deepEqual([seen.api, seen.url, seen.basePath], ["v3", "/v3/search", "v3"]);
  });

  it("prefers the longest base path and cuts at segments only", async () => {
    assert.equal((await get("search.dev.example.org", "/v3/beta/x")).seen.api, "beta");
    assert.equal((await get("search.dev.example.org", "/v3/betamax")).seen.api, "v3");
  });

  it("answers Forbidden where no mapping leads on, or one leads nowhere", async () => {
    for (const path of ["/", "/v33/x", "/old/x"]) {
      const { status, body } = await get("search.dev.example.org", path);
      assert.deepEqual([status, body], [403, '{"message":"Forbidden"}']);
    }
  });

  it("refuses names it does not serve, and says which it does", async () => {
    const { status, body } = await get("portal.example.org", "/");
    assert.equal(status, 421);
    assert.match(body, /uuid-api\.dev\.example\.org/);
  });

  it("does not reach a domain name without DNS record", async () => {
    assert.equal((await get("lost.dev.example.org", "/")).status, 502);
  });

  it("names the services at the root of plain localhost, and at paths of no service", async () => {
    assert.deepEqual(
      [(await get("localhost", "/")).status, (await get("localhost", "/nope/x")).status],
      [200, 404],
    );
  });

  it("does not believe X-Forwarded-For by itself", async () => {
    const { seen } = await get("uuid-api.localhost", "/", { "x-forwarded-for": "203.0.113.9" });
    assert.deepEqual([seen.sourceIp, seen.forwarded], ["192.0.2.1", "203.0.113.9"]);
  });

  it("takes the nearest address of X-Forwarded-For when told to, and refuses what is none", async () => {
    await start(true);
    const one = await get("uuid-api.localhost", "/", { "x-forwarded-for": "203.0.113.9" });
    assert.deepEqual([one.seen.sourceIp, one.seen.forwarded], ["203.0.113.9", undefined]);
    const two = await get("uuid-api.localhost", "/", { "x-forwarded-for": "198.51.100.7, 2001:db8::1" });
    assert.deepEqual([two.seen.sourceIp, two.seen.forwarded], ["2001:db8::1", "198.51.100.7"]);
    assert.equal((await get("uuid-api.localhost", "/", { "x-forwarded-for": "me" })).status, 400);
    assert.equal((await get("uuid-api.localhost", "/")).seen.sourceIp, "192.0.2.1");
  });
});
