export type Severity = "error" | "warning" | "info";

/** One problem: which rule, where, what it is and what to do about it. */
export interface Finding {
  level: Severity;
  /** Rule id in kebab-case; docs/findings.md has the table */
  rule: string;
  /** "file:line:column", "service entity-api, GET /x", or the type and name of a resource */
  where: string;
  /** What was found, why it matters, what to do */
  message: string;
  /** The operation it is about, as "GET /entities/{id}", where it is about one */
  operation?: string;
  /** The setting it is about, as `gateway:services[0].port`, where it is about one */
  key?: string;
  /** The value found there, as text that holds no secret */
  found?: string;
  /** What would be accepted instead */
  accepted?: string;
  /** Set when `spec compile` fixes it, so the team has nothing to do */
  autofix?: true;
}

/** Input that cannot be used. The message is complete: a line per finding. */
export class FindingsError extends Error {
  override readonly name = "FindingsError";

  constructor(readonly findings: Finding[]) {
    super(findings.map(({ where, message }) => `${where}: ${message}`).join("\n"));
  }
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.level === "error");
}
