import type { IncomingMessage } from "node:http";
import { gunzipSync, inflateSync } from "node:zlib";
import { restApi } from "../../lib/quotas";
import { GatewayError } from "./errors";

export const PAYLOAD_LIMIT = restApi.payloadBytes;

/** @throws GatewayError REQUEST_TOO_LARGE for a body that announces more than the limit */
export function checkAnnouncedLength(request: IncomingMessage): void {
  if (Number(request.headers["content-length"] ?? 0) > PAYLOAD_LIMIT)
    throw new GatewayError("REQUEST_TOO_LARGE");
}

/** @throws GatewayError REQUEST_TOO_LARGE for more than the limit */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > PAYLOAD_LIMIT) reject(new GatewayError("REQUEST_TOO_LARGE"));
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete) reject(new Error("The client closed the connection"));
    });
  });
}

/**
 * With compression enabled, gzip and deflate payloads are decompressed before any mapping or validation; other codings, and
 * bodies that are not what their coding says, are refused (guide: "Call an API method with a compressed payload").
 */
export function decompress(body: Buffer, encoding: string | undefined): Buffer {
  const coding = encoding?.trim().toLowerCase() ?? "identity";
  try {
    if (coding === "gzip") return gunzipSync(body, { maxOutputLength: PAYLOAD_LIMIT });
    if (coding === "deflate") return inflateSync(body, { maxOutputLength: PAYLOAD_LIMIT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new GatewayError("REQUEST_TOO_LARGE");
    throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", (error as Error).message);
  }
  if (coding !== "identity" && coding !== "")
    throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", `Content-Encoding ${coding}`);
  return body;
}
