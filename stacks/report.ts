import * as pulumi from "@pulumi/pulumi";
import { type Finding, FindingsError } from "../lib/finding";

/** Shows the warnings in Pulumi's output. @throws FindingsError with all errors, before anything is declared */
export function report(findings: Finding[]): void {
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) throw new FindingsError(errors);
  for (const finding of findings) {
    if (finding.level === "warning" && !finding.autofix) void pulumi.log.warn(line(finding));
  }
}

/** All errors as one message. */
export function problemText(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? "1 error" : `${findings.length} errors`;
  return `${count} in the settings and specs:\n${findings.map((finding) => `  ${line(finding)}`).join("\n")}`;
}

function line({ where, rule, message }: Finding): string {
  return `${where}: ${message} [${rule}]`;
}
