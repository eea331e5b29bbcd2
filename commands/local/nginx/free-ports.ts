import { once } from "node:events";
import { createServer } from "node:net";
import { listenOn } from "../listen";

/** A free TCP port of 127.0.0.1 for each key. All stay open until the last one is found, so that none is found twice. */
export async function freePorts<Key>(keys: Key[]): Promise<Map<Key, number>> {
  const open = await Promise.all(
    keys.map(async (key) => {
      const server = createServer();
      return { key, server, port: await listenOn(server, 0, "127.0.0.1") };
    }),
  );
  await Promise.all(open.map(({ server }) => once(server.close(), "close")));
  return new Map(open.map(({ key, port }) => [key, port]));
}
