import { zipSync } from "fflate";

/**
 * A zip whose bytes depend on nothing but names and contents: entries sorted, one timestamp, one mode.
 * Lambda reads files as another user than the one who packed them, hence mode 644.
 */
export function zip(files: Record<string, Uint8Array | string>): Uint8Array {
  // fflate writes the local time's fields, so the date is made of fields too: the same in every time zone.
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
