import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { SettingsPath } from "../../lib/settings-issues";

/** The key of a stack file with which a path starts: one of this program's, unless it has a namespace (`aws:region`). */
const rootKey = (first: string | number | undefined) =>
  String(first).includes(":") ? String(first) : `gateway:${first ?? ""}`;

/** `["services", 0, "port"]` → `gateway:services[0].port` */
export function keyOf([first, ...rest]: SettingsPath): string {
  const tail = rest.map((part) =>
    typeof part === "number" ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`,
  );
  return `${rootKey(first)}${tail.join("")}`;
}

/** Counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Finds a key in the text of a stack file, or the nearest key that contains it. */
export function locator(text: string | undefined): (path: SettingsPath) => Position | undefined {
  if (text === undefined) return () => undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return ([first, ...rest]) => {
    const full: SettingsPath = ["config", rootKey(first), ...rest];
    for (let depth = full.length; depth > 0; depth--) {
      const parent = document.getIn(full.slice(0, depth - 1), true);
      const last = full[depth - 1];
      const key = isMap(parent)
        ? parent.items.find(({ key: k }) => isScalar(k) && k.value === last)?.key
        : undefined;
      const node = (key ?? document.getIn(full.slice(0, depth), true)) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return undefined;
  };
}
