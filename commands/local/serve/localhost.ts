import type { Server } from "node:http";
import { listenOn } from "../listen";

export interface LocalServer {
  port: number;
  /** Closes every connection too. */
  close(): void;
}

/**
 * Listens on both addresses of localhost, because clients differ in which they try first, and on no other address.
 * @param create returns a server for one address
 * @param wanted port; 0: any free one
 * @throws Error when another process uses the port
 */
export async function listenOnLocalhost(create: () => Server, wanted: number): Promise<LocalServer> {
  const ipv4 = create();
  const ipv6 = create();
  const close = () => {
    for (const server of [ipv4, ipv6]) {
      server.close();
      server.closeAllConnections();
    }
  };
  try {
    const port = await listenOn(ipv4, wanted, "127.0.0.1");
    await listenOn(ipv6, port, "::1").catch((error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no second address.
      if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
    });
    return { port, close };
  } catch (error) {
    close();
    throw explained(error as NodeJS.ErrnoException, wanted);
  }
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  const reason = error.code === "EACCES" ? "needs privileges that this user does not have" : "is in use";
  return new Error(`Port ${port} ${reason}. Choose another one with --port, or 0 for any free one.`);
}
