import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { connect } from "node:tls";

export interface TlsTunnel {
  /** Plain HTTP, as the load balancer speaks it; what arrives goes on to the https origin byte for byte. */
  origin: string;
  close(): void;
}

/** The way to a process of one's own that speaks https only: its certificate must be for its own name, not for the load balancer's. */
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
