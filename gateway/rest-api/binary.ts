import { isUtf8 } from "node:buffer";
import { mediaType } from "./media-type";

/** Tells whether a content type is one of the API's binary media types, which may have wildcards such as `image/*`. */
export function binaryTypes(types: readonly string[]): (contentType: string | undefined) => boolean {
  const patterns = new Set(types.map(mediaType));
  if (patterns.has("*/*")) return () => true;
  return (contentType) => {
    // "API Gateway only honors the first Accept media type" (important notes).
    const type = mediaType(contentType);
    return type !== undefined && (patterns.has(type) || patterns.has(type.replace(/[^/]*$/, "*")));
  };
}

/** Bodies that are not binary are text: bytes that are not UTF-8 are replaced (recorded: get-obj-no-binary-media-binary-raw). */
export function asUtf8(body: Buffer): Buffer {
  return isUtf8(body) ? body : Buffer.from(body.toString("utf8"), "utf8");
}

/**
 * Strict decoding; undefined when the text is not base64, for which AWS returns 500. A Lambda function returns base64 as
 * a JSON string: its quotes are ignored (guide: "Access binary files in Lambda").
 */
export function fromBase64(body: Buffer): Buffer | undefined {
  const text = body
    .toString("latin1")
    .trim()
    .replace(/^"(.*)"$/s, "$1");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}
