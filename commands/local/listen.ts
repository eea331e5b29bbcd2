import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";

/**
 * A server that no request can end: when a handler fails, as it does if the client disconnects half way, the client gets 400,
 * and so it does for malformed HTTP.
 */
export function createRequestServer(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Server {
  const server = createServer(async (request, response) => {
    try {
      await handle(request, response);
    } catch {
      if (response.headersSent) response.destroy();
      else response.writeHead(400).end();
    }
  });
  server.on("clientError", (_, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;
}

/** Starts a server and returns its port. @param port 0: any free one */
export function listenOn(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts a server on a free port of 127.0.0.1 and returns its origin. */
export async function listen(server: NetServer): Promise<string> {
  return `http://127.0.0.1:${await listenOn(server, 0, "127.0.0.1")}`;
}
