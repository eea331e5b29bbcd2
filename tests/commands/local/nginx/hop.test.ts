import assert from "node:assert/strict";
import { startProxy } from "../../../../commands/local/nginx";
import { call, configuration, loadBalancer, logged, requireNginx, service, stub } from "./support";

const publicUrl = "https://workspaces.api.example.org/v2";

/** The stand-in has to do what Nginx does, so both are held to the same sentences. */
for (const kind of ["nginx", "stand-in"] as const) {
  describe(`The hop to a PSC service through ${kind}`, () => {
    const nginx = kind === "nginx" ? undefined : false;
    before(function () {
      if (kind === "nginx") requireNginx(this);
    });

    async function withProxy<T>(
      use: (origin: string, proxy: Awaited<ReturnType<typeof startProxy>>) => Promise<T>,
    ) {
      const upstream = await stub();
      const recorded = configuration({ services: [service({ publicUrl, maxBodyMb: 1 })] });
      const proxy = await startProxy({ configuration: recorded, upstream: () => upstream.origin, nginx });
      try {
        assert.equal(proxy.kind, kind);
        return await use(proxy.originFor(7777), proxy);
      } finally {
        await proxy.close();
        await upstream.close();
      }
    }

    it("passes the path, the query and the caller's headers on unchanged", async () => {
      await withProxy(async (origin) => {
        const headers = { authorization: "Bearer abc", "x-hubmap-application": "portal" };
        const answer = await call(origin, { path: "/a%2Fb//c..d/.e?q=1%202&q=%7B&r=..%2F", headers });
        const seen = JSON.parse(answer.body);
        assert.equal(answer.status, 200);
        assert.equal(seen.url, "/a%2Fb//c..d/.e?q=1%202&q=%7B&r=..%2F");
        assert.equal(seen.headers.authorization, "Bearer abc");
        assert.equal(seen.headers["x-hubmap-application"], "portal");
      });
    });

    it("refuses encoded dot segments with 400, and no other dots", async () => {
      await withProxy(async (origin) => {
        for (const path of ["/a/..%2Fb", "/a/%2E%2e/b", "/a/..%252Fb", "/a/..;/b", "/a/../b", "/a/..\\b"]) {
          const { status, body } = await call(origin, { path });
          assert.deepEqual([status, JSON.parse(body)], [400, { message: "Bad request" }], path);
        }
        const doi = await call(origin, { path: "/entities/10.1234%2FHBM764.PLSD.325" });
        assert.equal(JSON.parse(doi.body).url, "/entities/10.1234%2FHBM764.PLSD.325");
      });
    });

    it("sets the forwarding headers itself, whatever the caller sent", async () => {
      await withProxy(async (origin, { log }) => {
        const { headers } = JSON.parse(
          (
            await call(origin, {
              headers: {
                "x-forwarded-for": "10.9.9.9, 198.51.100.7",
                "x-forwarded-host": "evil.example.org",
                "x-forwarded-proto": "http",
                "x-forwarded-port": "1",
                "x-forwarded-prefix": "/evil",
                "x-forwarded-server": "evil",
                "x-real-ip": "10.9.9.9",
                "x-request-id": "evil",
                "x-original-url": "/admin",
                "x-rewrite-url": "/admin",
                forwarded: "for=10.9.9.9",
                x_forwarded_for: "10.9.9.9",
                "x-forwarded-user": "evil",
                "x-forwarded-groups": "evil",
                "x-forwarded-client-cert": "evil",
                "x-forwarded-uri": "/admin",
                "x-client-ip": "10.9.9.9",
                "true-client-ip": "10.9.9.9",
                "x-original-host": "evil",
                "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678",
              },
            })
          ).body,
        );
        assert.doesNotMatch(JSON.stringify(headers), /evil|10\.9\.9\.9|admin/);
        assert.equal(headers["x-forwarded-for"], "198.51.100.7");
        assert.equal(headers["x-real-ip"], "198.51.100.7");
        assert.equal(headers["x-forwarded-host"], "workspaces.api.example.org");
        assert.equal(headers["x-forwarded-prefix"], "/v2");
        assert.equal(headers["x-forwarded-proto"], "https");
        assert.equal(headers["x-forwarded-port"], "443");
        assert.equal(headers["x-amzn-trace-id"], "Root=1-67891233-abcdef012345678912345678");
        assert.match(headers["x-request-id"], /^[0-9a-f]{32}$/);
        if (kind === "nginx") await logged(log, headers["x-request-id"]);
      });
    });

    it("passes on headers and paths as large as API Gateway accepts", async () => {
      await withProxy(async (origin) => {
        const token = `Bearer ${"a".repeat(9500)}`;
        const first = await call(origin, { headers: { authorization: token } });
        assert.equal(JSON.parse(first.body).headers.authorization, token);
        const path = `/x?q=${"a".repeat(9500)}`;
        assert.equal(JSON.parse((await call(origin, { path })).body).url, path);
      });
    });

    it("uses the connection's address when X-Forwarded-For is missing or not an address", async () => {
      await withProxy(async (origin) => {
        for (const forged of [undefined, "198.51.100.7, $remote_addr", 'x"y']) {
          const answer = await call(origin, { headers: forged ? { "x-forwarded-for": forged } : {} });
          assert.equal(JSON.parse(answer.body).headers["x-forwarded-for"], "127.0.0.1");
        }
      });
    });

    it("sends the partner's name as Host", async () => {
      await withProxy(async (origin) => {
        const { headers } = JSON.parse((await call(origin)).body);
        assert.match(headers.host, /^127\.0\.0\.1:\d+$/);
      });
    });

    it("refuses a body above the service's limit with 413 and passes one at the limit", async () => {
      await withProxy(async (origin) => {
        const send = (size: number) => call(origin, { method: "POST", body: "x".repeat(size) });
        assert.equal((await send(2 ** 20)).status, 200);
        const refused = await send(2 ** 20 + 1);
        assert.equal(refused.status, 413);
        assert.deepEqual(JSON.parse(refused.body), { message: "Request body is too large" });
      });
    });

    it("does not respond to a Host other than the load balancer's name", async () => {
      await withProxy(async (origin) => {
        for (const host of ["127.0.0.1", "vm.example.edu", `${loadBalancer}.example.org`, ""]) {
          await assert.rejects(call(origin, { headers: { host } }), /ECONNRESET|socket hang up|400/, host);
        }
      });
    });

    it("answers its health check without the partner, and nothing else on that port", async () => {
      await withProxy(async (_origin, proxy) => {
        const health = proxy.originFor(8079);
        const answer = await call(`${health}/health`, { headers: { host: "10.1.1.10:8079" } });
        assert.equal(answer.status, 200);
        assert.equal(JSON.parse(answer.body).status, "ok");
        await assert.rejects(call(`${health}/other`), /ECONNRESET|socket hang up/);
      });
    });

    it("responds 502 when the partner's machine is down", async () => {
      const gone = await stub();
      await gone.close();
      const proxy = await startProxy({ configuration: configuration(), upstream: () => gone.origin, nginx });
      const answer = await call(proxy.originFor(7777));
      await proxy.close();
      assert.equal(answer.status, 502);
      assert.deepEqual(JSON.parse(answer.body), { message: "The backend cannot be reached" });
    });

    it("responds 504 before the gateway times out when the partner does not respond in time", async () => {
      const silent = await stub((req) => req.resume());
      const recorded = configuration({ services: [service({ timeoutMs: 500 })] });
      const proxy = await startProxy({ configuration: recorded, upstream: () => silent.origin, nginx });
      const answer = await call(proxy.originFor(7777));
      await proxy.close();
      await silent.close();
      assert.equal(answer.status, 504);
      assert.deepEqual(JSON.parse(answer.body), { message: "The backend did not answer in time" });
    });

    it("has no port for a service that is not configured", async () => {
      await withProxy(async (_origin, proxy) => {
        assert.throws(() => proxy.originFor(8443), /no port 8443\. Its ports: 7777, 8079/);
      });
    });
  });
}
