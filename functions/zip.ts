import { zipSync } from "fflate";

/**
 * A zip whose bytes depend on names and contents only: sorted entries, one timestamp, one mode. The mode is 644 because
 * Lambda's user is not the files' owner.
 */
export function zip(files: Record<string, Uint8Array | string>): Uint8Array {
  // fflate writes local time: a date made from local fields gives the same bytes in every time zone.
  const mtime = new Date(1980, 0, 1);
  const attrs = (0o100644 << 16) >>> 0;
  const entries = Object.keys(files)
    .sort()
    .map((name) => {
      const content = files[name] ?? "";
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return [name, bytes] as const;
    });
  return zipSync(Object.fromEntries(entries), { level: 9, mtime, os: 3, attrs });
}
