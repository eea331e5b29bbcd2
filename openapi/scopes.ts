import { isObject, type Path, prop } from "../lib/json";
import { type Operation, operationName } from "./operations";

export const WRITES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Operations that a message names; the rest are counted */
const NAMED = 5;

/** The requirements of an operation, its own or the root's, and where they are. */
export function requirementsOf(root: unknown, operation: Operation): { value: unknown; path: Path } {
  return Object.hasOwn(operation.value, "security")
    ? { value: operation.value.security, path: [...operation.path, "security"] }
    : { value: prop(root, "security"), path: ["security"] };
}

/** The scopes that requirements demand of the schemes that `isIgnored` is true of. */
export function scopesOf(requirements: unknown, isIgnored: (scheme: string) => boolean): string[] {
  const schemes = (Array.isArray(requirements) ? requirements : [])
    .filter(isObject)
    .flatMap((requirement) => Object.entries(requirement));
  const scopes = schemes.flatMap(([name, list]) => (isIgnored(name) && Array.isArray(list) ? list : []));
  return [...new Set(scopes.filter((scope) => typeof scope === "string"))].sort();
}

interface ScopeGroup {
  /** Of the first operation's security */
  path: Path;
  scopes: string;
  level: string;
  names: string[];
}

/** The operations that demand the same scopes and have the same access level, for one finding each. */
export class ScopeGroups {
  readonly #groups = new Map<string, ScopeGroup>();

  add(operation: Operation, path: Path, scopes: readonly string[], level: string): void {
    if (scopes.length === 0) return;
    const key = JSON.stringify([scopes, level]);
    const group = this.#groups.get(key) ?? { path, scopes: scopes.join(", "), level, names: [] };
    group.names.push(operationName(operation));
    this.#groups.set(key, group);
  }

  all(): ScopeGroup[] {
    return [...this.#groups.values()];
  }
}

/** "GET /a, POST /b and 3 more" */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
