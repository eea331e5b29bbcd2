import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { BadRequest } from "./errors";
import type { Exchange } from "./exchange";
import { headerValue } from "./headers";

/**
 * Compresses an answer of at least the API's minimum size when the client accepts it
 * (guide: "Payload compression for REST APIs").
 */
export function compressAnswer(exchange: Exchange): void {
  const minimum = exchange.runtime.api.minimumCompressionSize;
  const { answer } = exchange;
  if (minimum === undefined || !answer) return;
  const body = Buffer.from(answer.body as string);
  if (
    body.length < minimum ||
    body.length === 0 ||
    headerValue(answer.headers, "content-encoding") !== undefined
  )
    return;
  const accepted = exchange.request.headers["accept-encoding"]?.toString() ?? "";
  if (/\bgzip\b|\*/.test(accepted)) {
    answer.body = gzipSync(body);
    answer.headers.push("Content-Encoding", "gzip");
  } else if (/\bdeflate\b/.test(accepted)) {
    answer.body = deflateSync(body);
    answer.headers.push("Content-Encoding", "deflate");
  }
}

/** With compression enabled, compressed payloads are decompressed before anything else looks at them. */
export function decompress(body: Buffer, encoding: string | undefined): Buffer {
  try {
    if (encoding === "gzip") return gunzipSync(body);
    if (encoding === "deflate") return inflateSync(body);
  } catch (error) {
    throw new BadRequest("Invalid content encoding", (error as Error).message);
  }
  return body;
}
