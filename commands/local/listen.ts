import type { AddressInfo, Server } from "node:net";

/** Starts a server and returns its port. @param port 0: any free one */
export function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts a server on a free port of 127.0.0.1 and returns its origin. */
export async function listen(server: Server): Promise<string> {
  return `http://127.0.0.1:${await listenOn(server, 0, "127.0.0.1")}`;
}
