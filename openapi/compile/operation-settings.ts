import { nearest } from "../../lib/nearest";
import { operationName } from "../operations";
import type { Recorder } from "../recorder";
import { shapeOf } from "../rest-api/path-template";

/**
 * The settings of single operations ("GET /entities/{id}": create). An operation is matched by its method and the
 * shape of its path, so that its variables can have other names.
 */
export class OperationSettings<T> {
  readonly #rules = new Map<string, { key: string; value: T; used: boolean }>();

  constructor(
    /** Their key in the settings */
    private readonly key: readonly string[],
    rules: Record<string, T> | undefined,
  ) {
    for (const [key, value] of Object.entries(rules ?? {})) {
      const [method = "", path = ""] = key.split(" ");
      this.#rules.set(`${method} ${shapeOf(path)}`, { key, value, used: false });
    }
  }

  find(method: string, template: string): { key: string; value: T } | undefined {
    if (this.#rules.size === 0) return undefined;
    const rule = this.#rules.get(`${method} ${shapeOf(template)}`);
    if (rule) rule.used = true;
    return rule;
  }

  /** A rule that matches no operation is an error: if it restricts access, a typo in it would leave the operation open. */
  reportUnused(record: Recorder, operations: readonly { method: string; template: string }[]): void {
    for (const { key, used } of this.#rules.values()) {
      if (used) continue;
      const meant = meantBy(key, operations.map(operationName));
      record.compiling("settings-rule-unmatched", [...this.key, key], key, meant);
    }
  }
}

/** The same path with another method, or the operation with the nearest name. */
function meantBy(key: string, names: readonly string[]): string {
  const path = key.slice(key.indexOf(" "));
  const meant = names.find((name) => name.endsWith(path) && name.indexOf(path) === name.indexOf(" "));
  const name = meant ?? nearest(key, [...names]);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
