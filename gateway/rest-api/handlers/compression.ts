import { deflateSync, gzipSync } from "node:zlib";
import type { Handler } from "../handler";
import { headerValue } from "../headers";
import type { RestApi } from "../model";

/**
 * Compresses a response of at least the API's minimum size when the client accepts it
 * (guide: "Payload compression for REST APIs").
 */
export function compress({ minimumCompressionSize: minimum }: RestApi): Handler | undefined {
  if (minimum === undefined) return undefined;
  return ({ methodResponse, request }) => {
    if (!methodResponse) return;
    const body =
      typeof methodResponse.body === "string" ? Buffer.from(methodResponse.body) : methodResponse.body;
    if (
      body.length < minimum ||
      body.length === 0 ||
      headerValue(methodResponse.headers, "content-encoding") !== undefined
    )
      return;
    const accepted = request.headers["accept-encoding"]?.toString() ?? "";
    if (/\bgzip\b|\*/.test(accepted)) {
      methodResponse.body = gzipSync(body);
      methodResponse.headers.push("Content-Encoding", "gzip");
    } else if (/\bdeflate\b/.test(accepted)) {
      methodResponse.body = deflateSync(body);
      methodResponse.headers.push("Content-Encoding", "deflate");
    }
  };
}
