import { createServer, type Socket } from "node:net";
import { connect } from "node:tls";
import { listen } from "../listen";

export interface TlsTunnel {
  /** Plain HTTP, as the load balancer sends it; every byte is passed on to the https origin. */
  origin: string;
  close(): void;
}

/**
 * Connects the gateway to a local process that serves https only: its certificate is for its own name, not for the load
 * balancer's.
 */
export async function startTlsTunnel(origin: string, log: (line: string) => void): Promise<TlsTunnel> {
  const { hostname, port } = new URL(origin);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect({ host: hostname, port: Number(port || 443), servername: hostname });
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    outgoing.on("error", (error) => {
      log(`${origin}: ${error.message}`);
      incoming.destroy();
    });
    incoming.on("error", () => outgoing.destroy());
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  return {
    origin: await listen(server),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
