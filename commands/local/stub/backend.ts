import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequestServer, listen } from "../listen";
import type { Example } from "./examples";

export interface StubBackend {
  /** E.g. `http://127.0.0.1:40123`. */
  origin: string;
  close(): void;
}

/**
 * Stands in for a service. It answers a CORS preflight as the services' web servers do, and any other request with the
 * spec's example or, without one, with a description of the request and the status that the spec declares.
 */
export async function startStubBackend(
  service: string,
  exampleFor: (method: string, path: string) => Example | undefined,
): Promise<StubBackend> {
  const server = createRequestServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    const bytes = await size(request);
    if (request.method === "OPTIONS") return preflight(request, response);
    const url = new URL(`http://stub${request.url ?? "/"}`);
    const example = exampleFor(request.method ?? "GET", url.pathname);
    const content = example?.content;
    response.setHeader("x-stub-backend", `${service}; ${content ? "example" : "echo"}`);
    response.writeHead(example?.status ?? 200, { "content-type": content?.type ?? "application/json" });
    if (content) return response.end(content.body);
    response.end(JSON.stringify(describeRequest(service, request, url, bytes), null, 2));
  });
  const origin = await listen(server);
  return {
    origin,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const SECRET_HEADER = /authorization|cookie|token|api-?key/;

function describeRequest(service: string, { method, headers }: IncomingMessage, url: URL, bytes: number) {
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]),
  );
  // Responses are pasted into tickets, where a token must not appear.
  const shown = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? "(as sent)" : value]),
  );
  return { service, method, path: url.pathname, query, headers: shown, body: { bytes } };
}

/** Allows what the browser asks for: a stub does not know which methods and headers the service allows. */
function preflight({ headers }: IncomingMessage, response: ServerResponse) {
  response.writeHead(204, {
    "access-control-allow-methods":
      headers["access-control-request-method"] ?? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers":
      headers["access-control-request-headers"] ?? "Authorization, Cache-Control, Content-Type",
    "access-control-max-age": "86400",
  });
  return response.end();
}

async function size(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  return bytes;
}
