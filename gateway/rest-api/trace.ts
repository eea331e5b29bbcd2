import { randomBytes } from "node:crypto";

/** Random bytes from a pool: one system call serves many requests. */
let pool = Buffer.alloc(0);
let used = 0;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

/** X-Ray trace id of a request without one: `Root=1-<epoch, hex>-<24 hex digits>`. */
export function newTraceId(epochMs: number): string {
  return `Root=1-${Math.floor(epochMs / 1000)
    .toString(16)
    .padStart(8, "0")}-${randomHex(12)}`;
}

/**
 * The client's header with missing root, parent or sampling decision filled in
 * (recorded: test_invocation_trace_id; a complete header is unchanged).
 */
export function completeTraceId(sent: string | undefined, epochMs: number): string {
  if (!sent) return newTraceId(epochMs);
  const fields = new Map<string, string>();
  for (const part of sent.split(";")) {
    const [name, value] = part.split("=", 2);
    if (name && value) fields.set(name.trim().toLowerCase(), value.trim());
  }
  const root = fields.get("root");
  const parent = fields.get("parent");
  const sampled = fields.get("sampled") ?? (parent ? "1" : "0");
  return `${root ? `Root=${root}` : newTraceId(epochMs)};Parent=${parent ?? randomHex(8)};Sampled=${sampled}`;
}

/** `x-amz-apigw-id`, `$context.extendedRequestId`: fifteen base64url characters and a `=`. */
export function newExtendedRequestId(): string {
  const hex = randomHex(12);
  return `${Buffer.from(hex, "hex").toString("base64url").slice(0, 15)}=`;
}
