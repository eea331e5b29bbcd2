import assert from "node:assert/strict";
import type { Change } from "./change";

/** `*` is any text. */
const like = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);

/** The operations as created, updated, replaced and deleted resources. */
function sorted(operations: string[]): Record<string, string[]> {
  const of = (op: string) =>
    operations.filter((line) => line.startsWith(`${op} `)).map((line) => line.slice(op.length + 1));
  const [created, deleted] = [of("create"), of("delete")];
  return {
    created: created.filter((name) => !deleted.includes(name)),
    updated: of("update"),
    replaced: created.filter((name) => deleted.includes(name)),
    deleted: deleted.filter((name) => !created.includes(name)),
  };
}

/** Fails unless these are the operations that the change expects, and all of them. */
export function assertOperations(change: Change, operations: string[]): void {
  for (const [kind, names] of Object.entries(sorted(operations))) {
    const patterns = change[kind as "created"] ?? [];
    const unexpected = names.filter((name) => !patterns.some((pattern) => like(pattern).test(name)));
    const missing = patterns.filter((pattern) => !names.some((name) => like(pattern).test(name)));
    assert.deepEqual({ kind, unexpected, missing }, { kind, unexpected: [], missing: [] });
  }
}

export function assertOrder({ order = [] }: Change, operations: string[]): void {
  for (const [first, second] of order) {
    const at = (pattern: string) =>
      operations.flatMap((line, index) => (like(pattern).test(line) ? [index] : []));
    // The second may match the first's pattern too.
    const seconds = at(second);
    const firsts = at(first).filter((index) => !seconds.includes(index));
    assert.ok(firsts.length > 0 && seconds.length > 0, `${first} or ${second} did not happen`);
    assert.ok(
      Math.max(...firsts) < Math.min(...seconds),
      `${first} before ${second}:\n${operations.join("\n")}`,
    );
  }
}
