import type { IncomingMessage, ServerResponse } from "node:http";

/** Bytes of an error response to look for its message in. */
const MAX_ERROR = 4096;

/** Logs one line when the response ends: host, method, path without its query, status, time and, for an error, its message. */
export function logRequest(
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): void {
  const started = Date.now();
  // Before the request gets the domain name as its Host.
  const {
    method,
    headers: { host = "" },
  } = request;
  // A query can contain a token.
  const [path] = (request.url ?? "/").split("?");
  const body = errorBody(response);
  response.once("close", () => {
    const outcome = response.writableFinished ? String(response.statusCode) : "client disconnected";
    const reason = response.statusCode >= 400 ? messageOf(body()) : "";
    log(`${method} ${host}${path} ${outcome} ${Date.now() - started} ms${reason && `  ${reason}`}`);
  });
}

/** Keeps the beginning of an error response as it is written. */
function errorBody(response: ServerResponse): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  const keep = (chunk: unknown) => {
    if (response.statusCode < 400 || length > MAX_ERROR) return;
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return;
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
  };
  for (const method of ["write", "end"] as const) {
    const original = response[method].bind(response) as (...args: unknown[]) => unknown;
    response[method] = ((chunk: unknown, ...rest: unknown[]) => {
      keep(chunk);
      return original(chunk, ...rest);
    }) as never;
  }
  return () => Buffer.concat(chunks).toString();
}

/** `message` and `hint` of API Gateway's own responses and the authorizers'. */
function messageOf(body: string): string {
  try {
    const { message, hint } = JSON.parse(body) as { message?: unknown; hint?: unknown };
    return [message, hint].filter((text) => typeof text === "string" && text !== "").join(" Hint: ");
  } catch {
    return "";
  }
}
