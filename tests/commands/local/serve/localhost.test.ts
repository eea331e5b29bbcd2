import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { networkInterfaces } from "node:os";
import { listenOnLocalhost } from "../../../../commands/local/serve/localhost";

describe("Listening on localhost", () => {
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === "::1"),
  );
  const make = () => createServer((request, response) => response.end(request.socket.remoteAddress));

  it("responds on IPv4 and IPv6, and on neither once closed", async function () {
    if (!hasIpv6) {
      console.log("      skipped: this machine has no IPv6");
      this.skip();
    }
    const server = await listenOnLocalhost(make, 0);
    const get = async (host: string) => (await fetch(`http://${host}:${server.port}/`)).text();
    assert.deepEqual([await get("127.0.0.1"), await get("[::1]")], ["127.0.0.1", "::1"]);
    server.close();
    await assert.rejects(get("127.0.0.1"));
    await assert.rejects(get("[::1]"));
  });

  for (const host of ["127.0.0.1", "::1"]) {
    it(`refuses a port that another process has on ${host}, and listens on neither`, async function () {
      if (host === "::1" && !hasIpv6) {
        console.log("      skipped: this machine has no IPv6");
        this.skip();
      }
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, host, resolve));
      const { port } = other.address() as { port: number };
      const made: Server[] = [];
      const refused = listenOnLocalhost(() => {
        const server = make();
        made.push(server);
        return server;
      }, port);
      await assert.rejects(refused, { message: new RegExp(`^Port ${port} is in use\\. Choose another`) });
      assert.deepEqual(
        made.map(({ listening }) => listening),
        [false, false],
      );
      other.close();
    });
  }
});
