import { once } from "node:events";
import { createServer } from "node:net";

/** A free TCP port of 127.0.0.1 for each key. All are held until the last is found, so none comes twice. */
export async function freePorts<Key>(keys: Key[]): Promise<Map<Key, number>> {
  const servers = await Promise.all(
    keys.map(async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return new Map(keys.map((key, index) => [key, ports[index] ?? 0]));
}
