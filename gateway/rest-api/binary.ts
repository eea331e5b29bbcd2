import { isUtf8 } from "node:buffer";

/** Whether a content type is one of the API's binary media types; any type (`*` slash `*`) and `image/*` are wildcards. */
export function binaryTypes(types: readonly string[]): (contentType: string | undefined) => boolean {
  const patterns = types.map((type) => (type.split(";")[0] as string).trim().toLowerCase());
  if (patterns.length === 0) return () => false;
  if (patterns.includes("*/*")) return () => true;
  const exact = new Set(patterns);
  const families = new Set(patterns.filter((type) => type.endsWith("/*")).map((type) => type.slice(0, -1)));
  return (contentType) => {
    if (!contentType) return false;
    // "API Gateway only honors the first Accept media type" (important notes).
    const type = ((contentType.split(",")[0] as string).split(";")[0] as string).trim().toLowerCase();
    return exact.has(type) || families.has(type.slice(0, type.indexOf("/") + 1));
  };
}

/** What is not binary is text: bytes that are not UTF-8 are replaced (recorded: get-obj-no-binary-media-binary-raw). */
export function asUtf8(body: Buffer): Buffer {
  return isUtf8(body) ? body : Buffer.from(body.toString("utf8"), "utf8");
}

/**
 * Strict decoding; undefined when the text is not base64, which AWS answers with 500. A Lambda function returns base64 as
 * a JSON string: its quotes do not count (guide: "Access binary files in Lambda").
 */
export function fromBase64(body: Buffer): Buffer | undefined {
  const text = body
    .toString("latin1")
    .trim()
    .replace(/^"(.*)"$/s, "$1");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}
