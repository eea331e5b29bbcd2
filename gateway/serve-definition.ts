import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toOriginForm } from "./origin-form";
import { createGateway } from "./rest-api/gateway";
import type { GatewayOptions } from "./rest-api/options";

export interface ServeDefinitionOptions extends GatewayOptions {
  /** TCP port on 127.0.0.1; default: any free one. */
  port?: number;
}

export interface ServedDefinition {
  /** Base of the stage: paths of the API are appended, without a stage prefix. No slash at the end. */
  url: string;
  /** Ends the server and every connection, to clients and backends. */
  close(): Promise<void>;
}

/**
 * Serves any API Gateway definition on localhost. No state, authorizer results included, survives `close`.
 * @throws ImportError when AWS's import would refuse the definition.
 */
export async function serveDefinition(options: ServeDefinitionOptions): Promise<ServedDefinition> {
  const gateway = createGateway(options);
  const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 60_000 }, (request, response) => {
    toOriginForm(request);
    void gateway.handle(request, response);
  });
  // A malformed request must not end the server.
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable)
      socket.end(
        `HTTP/1.1 ${error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request"}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, gateway.close()]);
    },
  };
}
