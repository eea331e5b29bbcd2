import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../openapi";

/** Shows the findings in Pulumi's output. @throws pulumi.RunError with every error at once, before anything is declared */
export function report(findings: Finding[]): void {
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) {
    const count = errors.length === 1 ? "an error" : `${errors.length} errors`;
    throw new pulumi.RunError(
      `The specs have ${count}:\n${errors.map((error) => `  ${line(error)}`).join("\n")}`,
    );
  }
  for (const finding of findings) {
    if (finding.level === "warning" && !finding.autofix) void pulumi.log.warn(line(finding));
  }
}

function line({ where, rule, message }: Finding): string {
  return `${where}: ${message} [${rule}]`;
}
