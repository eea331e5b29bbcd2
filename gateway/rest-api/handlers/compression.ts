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
    const coding = acceptedCoding(request.headers["accept-encoding"]?.toString());
    if (!coding) return;
    methodResponse.body = coding === "gzip" ? gzipSync(body) : deflateSync(body);
    methodResponse.headers.push("Content-Encoding", coding);
  };
}

/**
 * Only the first coding of Accept-Encoding is considered (awsdocs/amazon-api-gateway-developer-guide#32), and only an explicit
 * gzip or deflate; a weight of 0 refuses it (RFC 9110, 12.5.3).
 */
function acceptedCoding(header = ""): "gzip" | "deflate" | undefined {
  const [coding, ...parameters] = (header.split(",")[0] as string)
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const isRefused = parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
  return !isRefused && (coding === "gzip" || coding === "deflate") ? coding : undefined;
}
