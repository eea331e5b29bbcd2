import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface LocalServer {
  port: number;
  /** Ends every connection too. */
  close(): void;
}

/**
 * Listens on both addresses of localhost, as clients differ in which they try first, and on no other.
 * @param make makes a server for one address
 * @param wanted port; 0: any free one
 * @throws Error when another process has the port
 */
export async function listenOnLocalhost(make: () => Server, wanted: number): Promise<LocalServer> {
  const ipv4 = make();
  const ipv6 = make();
  const close = () => {
    for (const server of [ipv4, ipv6]) {
      server.close();
      server.closeAllConnections();
    }
  };
  try {
    const port = await listen(ipv4, wanted, "127.0.0.1");
    await listen(ipv6, port, "::1").catch((error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no second address.
      if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
    });
    return { port, close };
  } catch (error) {
    close();
    throw explained(error as NodeJS.ErrnoException, wanted);
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  const reason = error.code === "EACCES" ? "may not be used by this user" : "is in use";
  return new Error(`Port ${port} ${reason}. Give another one with --port, or 0 for any free one.`);
}
