import * as http from "node:http";
import * as https from "node:https";

/** One request to a service of others, with every bound it may not exceed. */
export interface HttpRequest {
  url: string;
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** Until the connection (TCP and TLS) stands. */
  connectMs: number;
  /** Until the whole answer is there, per attempt. */
  totalMs: number;
  /** Largest answer read. */
  bytes: number;
  /** How often it is asked again after a network error or a 5xx. */
  retries: number;
}

export interface HttpAnswer {
  status: number;
  body: string;
}

/** No answer: the network failed, a bound was exceeded. The message names the host, never what was sent. */
export class HttpError extends Error {
  override name = "HttpError";
}

const defaultLimits: HttpLimits = { connectMs: 1_000, totalMs: 2_000, bytes: 1_000_000, retries: 1 };
// Connections outlive an invocation; Lambda freezes the process between two, so the server may have closed
// one meanwhile, which the retry covers.
const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 50 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 50 }),
};

/**
 * Sends a request and reads the answer whole. Redirects are not followed: the answer is the 3xx itself, so
 * credentials go nowhere but to the host that was configured.
 * Node's `fetch` has no connect timeout, hence `node:https`.
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

function send(options: HttpRequest, limits: HttpLimits): Promise<HttpAnswer> {
  const url = new URL(options.url);
  const secure = url.protocol === "https:";
  const fail = (reason: string, cause?: string) => new HttpError(`${url.host}: ${reason}`, { cause });

  return new Promise((resolve, reject) => {
    const outgoing = (secure ? https : http).request(url, {
      method: options.method ?? "GET",
      agent: agents[secure ? "https:" : "http:"],
      headers: {
        Accept: "application/json",
        ...(options.body === undefined ? {} : { "Content-Length": Buffer.byteLength(options.body) }),
        ...options.headers,
      },
    });
    const stop = (error: HttpError) => {
      reject(error);
      outgoing.destroy();
    };
    const total = setTimeout(() => stop(fail(`no answer within ${limits.totalMs} ms`)), limits.totalMs);
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return;
      const connect = setTimeout(
        () => stop(fail(`no connection within ${limits.connectMs} ms`)),
        limits.connectMs,
      );
      const connected = () => clearTimeout(connect);
      socket.once(secure ? "secureConnect" : "connect", connected);
      socket.once("close", connected);
    });
    let answered = false;
    outgoing.on("response", (incoming) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.bytes) stop(fail(`answer is larger than ${limits.bytes} bytes`, "size"));
        else chunks.push(chunk);
      });
      incoming.on("error", (error) => stop(fail(codeOf(error))));
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    outgoing.on("error", (error) => reject(fail(codeOf(error))));
    // After an answer this changes nothing. Without one, as when the server changes the protocol (101), no other event comes.
    outgoing.on("close", () => {
      clearTimeout(total);
      if (!answered) reject(fail("closed without an answer"));
    });
    outgoing.end(options.body);
  });
}

/** An error's code, not its text: texts of others may quote what was sent. */
function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? "connection failed";
}
