import { type Operation, operationName } from "../operations";
import { shapeOf } from "../path-template";
import type { Context } from "./context";

/**
 * The settings of single operations ("GET /entities/{id}": create). An operation is matched by its method and the
 * shape of its path, so the variables may be called differently.
 */
export class OperationRules<T> {
  readonly #rules = new Map<string, { key: string; value: T; used: boolean }>();

  constructor(
    /** Where the rules stand in the settings */
    private readonly place: readonly string[],
    rules: Record<string, T> | undefined,
  ) {
    for (const [key, value] of Object.entries(rules ?? {})) {
      this.#rules.set(ruleId(key), { key, value, used: false });
    }
  }

  find(method: string, template: string): { key: string; value: T } | undefined {
    if (this.#rules.size === 0) return undefined;
    const rule = this.#rules.get(`${method} ${shapeOf(template)}`);
    if (rule) rule.used = true;
    return rule;
  }

  /** Rules that no operation asked for are errors: a tightening rule with a typo would leave its operation open. */
  reportUnused(context: Context, operations: readonly { method: string; template: string }[]): void {
    for (const { key, used } of this.#rules.values()) {
      if (used) continue;
      const close = nearest(key, operations.map(operationName));
      const hint = close.length > 0 ? ` Did you mean ${close.map((name) => `"${name}"`).join(" or ")}?` : "";
      const message = `No operation of the spec is "${key}".${hint} Correct the rule or remove it.`;
      context.settingFinding("error", "settings-rule-unmatched", [...this.place, key], message);
    }
  }
}

function ruleId(key: string): string {
  const blank = key.indexOf(" ");
  return `${key.slice(0, blank)} ${shapeOf(key.slice(blank + 1))}`;
}

export function operationId(operation: Pick<Operation, "method" | "template">): string {
  return `${operation.method} ${shapeOf(operation.template)}`;
}

/** Up to two names that differ from `wanted` by the fewest letters, if any is near. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  const [, path] = wanted.split(" ");
  return names
    .map((name) => ({ name, far: name.split(" ")[1] === path ? 1 : distance(wanted, name) }))
    .filter(({ far }) => far <= Math.max(3, wanted.length / 4))
    .sort((a, b) => a.far - b.far)
    .slice(0, 2)
    .map(({ name }) => name);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
