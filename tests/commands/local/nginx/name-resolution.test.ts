import assert from "node:assert/strict";
import { freePorts } from "../../../../commands/local/nginx/free-ports";
import { startNginx } from "../../../../commands/local/nginx/nginx";
import { call, configuration, dnsServer, requireNginx, service, stub, until } from "./support";

describe("Nginx when the partner's address changes", () => {
  before(function () {
    // Linux answers on every address of 127.0.0.0/8; elsewhere 127.0.0.2 has to be configured.
    if (process.platform !== "linux") {
      console.log("      skipped: needs 127.0.0.2");
      this.skip();
    }
  });

  async function moving(hangUp: boolean) {
    const connection = hangUp ? "close" : "keep-alive";
    const answer =
      (name: string) =>
      (_req: unknown, res: { setHeader: (k: string, v: string) => { end(t: string): void } }) =>
        res.setHeader("connection", connection).end(name);
    const before = await stub(answer("before") as never);
    const after = await stub(answer("after") as never, { address: "127.0.0.2", port: before.port });
    let address = "127.0.0.1";
    const dns = await dnsServer(() => address);
    return {
      before,
      after,
      resolver: dns.resolver,
      upstream: { protocol: "http" as const, host: "vm.example.edu", port: before.port },
      move: () => {
        address = "127.0.0.2";
      },
      async close() {
        dns.close();
        await before.close();
        await after.close();
      },
    };
  }

  for (const [title, hangUp] of [
    ["follows it without a reload while the old machine still answers", true],
    ["follows it without a reload when the old machine goes away with its kept connections", false],
  ] as const) {
    it(title, async function () {
      const nginx = requireNginx(this);
      const partner = await moving(hangUp);
      const ports = await freePorts(["service", "health"]);
      const port = ports.get("service") ?? 0;
      const proxy = await startNginx(
        nginx,
        configuration({
          healthPort: ports.get("health") ?? 0,
          resolvers: [partner.resolver],
          services: [service({ port, upstream: partner.upstream })],
        }),
      );
      const ask = async () => (await call(`http://127.0.0.1:${port}`)).body;
      assert.equal(await ask(), "before");
      partner.move();
      if (!hangUp) await partner.before.close();
      await until(ask, (body) => body === "after");
      const reached = proxy.log().filter((line) => line.includes('"event":"connection"'));
      await proxy.close();
      await partner.close();
      assert.match(reached.join("\n"), /"upstream":"127\.0\.0\.1:/);
    });
  }

  it("responds 502 while the name does not resolve", async function () {
    const nginx = requireNginx(this);
    const ports = await freePorts(["service", "health"]);
    const port = ports.get("service") ?? 0;
    const proxy = await startNginx(
      nginx,
      configuration({
        healthPort: ports.get("health") ?? 0,
        resolvers: ["127.0.0.1:9"],
        services: [service({ port })],
      }),
    );
    const { status } = await call(`http://127.0.0.1:${port}`);
    await proxy.close();
    assert.equal(status, 502);
  });
});
