import assert from "node:assert/strict";
import { request, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../../../commands/local/listen";
import { createEdgeServer, type Domain } from "../../../../commands/local/serve/edge-server";

describe("The edge server", () => {
  let edge: Server;
  let port: number;

  const echo =
    (api: string): Domain["mappings"][0]["handle"] =>
    async (incoming, response, ingress) => {
      const { host, "x-forwarded-for": forwarded } = incoming.headers;
      response.end(JSON.stringify({ api, url: incoming.url, host, forwarded, ...ingress }));
    };

  async function start(trustForwarded: boolean, allowedOrigins: string[] = []) {
    edge?.close();
    edge = createEdgeServer({
      domains: [
        { name: "uuid-api.dev.example.org", mappings: [{ basePath: "", handle: echo("uuid") }] },
        {
          name: "search.dev.example.org",
          mappings: [
            { basePath: "v3/beta", handle: echo("beta") },
            { basePath: "v3", handle: echo("v3") },
            { basePath: "old" },
          ],
        },
        { name: "lost.dev.example.org", mappings: [], unreachable: "no DNS record exists for it" },
      ],
      endpoints: {
        "uuid-api": { domain: "uuid-api.dev.example.org", basePath: "" },
        "search-api": { domain: "search.dev.example.org", basePath: "v3" },
      },
      sourceIp: "192.0.2.1",
      trustForwarded,
      allowedOrigins,
      index: () => "Services: uuid-api, search-api",
    });
    port = Number(new URL(await listen(edge)).port);
  }

  before(() => start(false));
  after(() => edge.close());

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

  it("reads <service>.localhost as the service's domain name", async () => {
    const { seen } = await get("uuid-api.localhost:8080", "/x");
    assert.deepEqual([seen.api, seen.host, seen.url], ["uuid", "uuid-api.dev.example.org", "/x"]);
  });

  it("reads the first segment on plain localhost as the service, under its base path", async () => {
    assert.equal((await get("localhost:8080", "/uuid-api/uuid/1?q=2")).seen.url, "/uuid/1?q=2");
    assert.equal((await get("127.0.0.1", "/uuid-api")).seen.url, "/");
    const { seen } = await get("localhost", "/search-api/search");
    assert.deepEqual([seen.api, seen.url, seen.basePath], ["v3", "/v3/search", "v3"]);
  });

  it("prefers the longest base path and matches whole segments", async () => {
    assert.equal((await get("search.dev.example.org", "/v3/beta/x")).seen.api, "beta");
    assert.equal((await get("search.dev.example.org", "/v3/betamax")).seen.api, "v3");
  });

  it("responds Forbidden when no mapping matches, or its stage does not exist", async () => {
    for (const path of ["/", "/v33/x", "/old/x"]) {
      const { status, body } = await get("search.dev.example.org", path);
      assert.deepEqual([status, body], [403, '{"message":"Forbidden"}']);
    }
  });

  it("refuses names that it does not serve, and lists those that it serves", async () => {
    const { status, body } = await get("portal.example.org", "/");
    assert.equal(status, 421);
    assert.match(body, /uuid-api\.dev\.example\.org/);
  });

  it("does not reach a domain name without a DNS record", async () => {
    assert.equal((await get("lost.dev.example.org", "/")).status, 502);
  });

  it("lists the services at the root of plain localhost, and for an unknown service", async () => {
    assert.deepEqual(
      [(await get("localhost", "/")).status, (await get("localhost", "/nope/x")).status],
      [200, 404],
    );
  });

  it("ignores X-Forwarded-For by default", async () => {
    const { seen } = await get("uuid-api.localhost", "/", { "x-forwarded-for": "203.0.113.9" });
    assert.deepEqual([seen.sourceIp, seen.forwarded], ["192.0.2.1", "203.0.113.9"]);
  });

  it("uses the last address of X-Forwarded-For on request, and refuses text that is not an address", async () => {
    await start(true);
    const one = await get("uuid-api.localhost", "/", { "x-forwarded-for": "203.0.113.9" });
    assert.deepEqual([one.seen.sourceIp, one.seen.forwarded], ["203.0.113.9", undefined]);
    const two = await get("uuid-api.localhost", "/", { "x-forwarded-for": "198.51.100.7, 2001:db8::1" });
    assert.deepEqual([two.seen.sourceIp, two.seen.forwarded], ["2001:db8::1", "198.51.100.7"]);
    assert.equal((await get("uuid-api.localhost", "/", { "x-forwarded-for": "me" })).status, 400);
    assert.equal((await get("uuid-api.localhost", "/")).seen.sourceIp, "192.0.2.1");
  });

  describe("called by a page of another site", () => {
    const page = { "sec-fetch-site": "cross-site", origin: "http://evil.example" };
    afterEach(() => start(false));

    it("refuses with the option that allows it", async () => {
      const { status, body } = await get("localhost", "/uuid-api/x", page);
      assert.equal(status, 403);
      assert.match(body, /--allow-origin http:\/\/evil\.example/);
    });

    it("refuses on a domain name and without an Origin", async () => {
      assert.equal((await get("uuid-api.dev.example.org", "/x", page)).status, 403);
      assert.equal((await get("localhost", "/uuid-api/x", { "sec-fetch-site": "cross-site" })).status, 403);
      for (const origin of ["null", "http://localhost.evil.example", "http://evil.example:8080"])
        assert.equal((await get("localhost", "/uuid-api/x", { ...page, origin })).status, 403);
    });

    it("forwards for an allowed origin only, or for all", async () => {
      await start(false, ["http://app.example"]);
      assert.equal((await get("localhost", "/uuid-api/x", page)).status, 403);
      const allowed = { ...page, origin: "http://app.example" };
      assert.equal((await get("localhost", "/uuid-api/x", allowed)).seen.url, "/x");
      await start(false, ["*"]);
      assert.equal((await get("localhost", "/uuid-api/x", page)).status, 200);
    });

    it("forwards a followed link, pages of this machine and clients that are not browsers", async () => {
      const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
      const accepted: Record<string, string>[] = [
        link,
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none" },
        { ...page, origin: "http://localhost:3000" },
        { ...page, origin: "http://app.localhost:3000" },
        { ...page, origin: "http://[::1]:3000" },
        {},
      ];
      for (const headers of accepted)
        assert.equal((await get("localhost", "/uuid-api/x", headers)).seen.url, "/x");
    });
  });

  it("reads an absolute-form target, and ignores the Host header beside it", async () => {
    const { seen } = await get("other.example", "http://localhost:8080/uuid-api/x?a=1");
    assert.deepEqual([seen.api, seen.url, seen.host], ["uuid", "/x?a=1", "uuid-api.dev.example.org"]);
  });

  it("has no service with a name that every object inherits", async () => {
    for (const name of ["__proto__", "constructor", "toString"])
      assert.equal((await get("localhost", `/${name}/x`)).status, 404);
    assert.equal((await get("constructor.localhost", "/x")).status, 421);
  });
});
