import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";

/** One request to another service, with its limits. */
export interface HttpRequest {
  url: string;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** Until the connection (TCP and TLS) is established */
  connectMs: number;
  /** Until the whole response is received, per attempt */
  totalMs: number;
  /** Largest response that is read */
  bytes: number;
  /** Further attempts after a network error or a 5xx */
  retries: number;
}

export interface HttpAnswer {
  status: number;
  body: string;
}

/** No response: the network failed or a limit was exceeded. The message names the host, never what was sent. */
export class HttpError extends Error {
  override name = "HttpError";
}

const defaultLimits: HttpLimits = { connectMs: 1_000, totalMs: 2_000, bytes: 1_000_000, retries: 1 };
// Connections outlive an invocation. Lambda freezes the process between two of them, so the server may have closed a
// connection in the meantime; the retry covers that.
const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 50 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 50 }),
};

/**
 * Sends a request and reads the whole response. Redirects are not followed, so that credentials reach the configured
 * host only. Node's `fetch` has no connect timeout, hence `node:https`.
 * @throws HttpError
 */
export async function request(options: HttpRequest): Promise<HttpAnswer> {
  const limits = { ...defaultLimits, ...options.limits };
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= limits.retries;
    try {
      const answer = await send(options, limits);
      if (answer.status < 500 || last) return answer;
    } catch (error) {
      if (last || (error instanceof HttpError && error.cause === "size")) throw error;
    }
  }
}

function send({ url: text, method = "GET", headers, body }: HttpRequest, limits: HttpLimits) {
  const url = new URL(text);
  const secure = url.protocol === "https:";
  return new Promise<HttpAnswer>((resolve, reject) => {
    const outgoing = (secure ? https : http).request(url, {
      method,
      agent: agents[secure ? "https:" : "http:"],
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }),
        ...headers,
      },
    });
    const fail = (reason: string, cause?: string) => {
      reject(new HttpError(`${url.host}: ${reason}`, { cause }));
      outgoing.destroy();
    };
    const total = setTimeout(() => fail(`no response within ${limits.totalMs} ms`), limits.totalMs);
    outgoing.on("socket", (socket) =>
      limitConnecting(socket, secure, limits.connectMs, () =>
        fail(`no connection within ${limits.connectMs} ms`),
      ),
    );
    let answered = false;
    outgoing.on("response", (incoming) => {
      answered = true;
      read(incoming, limits.bytes, resolve, fail);
    });
    outgoing.on("error", (error) => fail(codeOf(error)));
    // Has no effect after a response. When the server changes the protocol (101), this is the only event.
    outgoing.on("close", () => {
      clearTimeout(total);
      if (!answered) fail("closed without a response");
    });
    outgoing.end(body);
  });
}

function limitConnecting(socket: Socket, secure: boolean, ms: number, onLate: () => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(onLate, ms);
  const clear = () => clearTimeout(timer);
  socket.once(secure ? "secureConnect" : "connect", clear);
  socket.once("close", clear);
}

function read(
  incoming: http.IncomingMessage,
  limit: number,
  resolve: (answer: HttpAnswer) => void,
  fail: (reason: string, cause?: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) fail(`the response is larger than ${limit} bytes`, "size");
    else chunks.push(chunk);
  });
  incoming.on("error", (error) => fail(codeOf(error)));
  incoming.on("end", () =>
    resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
  );
}

/** An error's code: its text may quote what was sent. */
function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? "connection failed";
}
