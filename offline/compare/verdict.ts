import { UserError } from "../../lib/error";
import type { Comparison } from "./compare";
import { GATES, type Gate, gates } from "./gates";

/** Why a comparison fails. */
export interface Failure {
  gate: Gate;
  reason: string;
}

/** @throws UserError for an unknown gate */
export function readGates(text: string): Gate[] {
  const wanted = text.split(",").flatMap((word) => word.trim() || []);
  const unknown = wanted.filter((word) => !gates.includes(word as Gate));
  if (unknown.length > 0) {
    throw new UserError(
      `--fail-on accepts ${gates.join(", ")}, separated by commas; found ${unknown.join(", ")}.`,
    );
  }
  return wanted as Gate[];
}

/** Whether a caller who was refused may be allowed: by a route, a level, the web ACL or the identity provider. */
export function isWeakened({ routes, callers, widened, addresses, identity }: Comparison): boolean {
  return (
    routes.some(({ kind }) => kind === "weakened") ||
    callers.some(({ weakened }) => weakened) ||
    widened.length > 0 ||
    addresses.open ||
    addresses.added.length > 0 ||
    identity
  );
}

/** Removed and tightened routes break calls, as do the breaking changes of the definitions. */
export function isBreaking({ routes, callers, narrowed }: Comparison): boolean {
  return (
    routes.some(({ kind }) => kind === "removed" || kind === "tightened") ||
    narrowed.length > 0 ||
    callers.some(({ breaking }) => breaking)
  );
}

export function verdict(comparison: Comparison, failOn: Gate[]): Failure[] {
  const { blind } = comparison;
  const failed: Record<Gate, string | undefined> = {
    weakened: blind
      ? "weakened access cannot be ruled out"
      : isWeakened(comparison)
        ? "access is weakened"
        : undefined,
    breaking: blind
      ? "a breaking change cannot be ruled out"
      : isBreaking(comparison)
        ? "callers break"
        : undefined,
    findings: comparison.findings.some(({ level }) => level === "error")
      ? "there are error findings"
      : undefined,
  };
  return gates.flatMap((gate) => {
    const reason = failed[gate];
    if (reason === undefined || !failOn.includes(gate)) return [];
    const label = GATES[gate];
    return [{ gate, reason: label ? `${reason}; the label “${label}” permits it` : reason }];
  });
}
