import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { certificates } from "../../../components/backends/psc/nginx";
import type { Finding } from "../../../lib/finding";
import type { PscService } from "./types";

const DAY = 24 * 3600 * 1000;

/** The CA bundle that verifies a service's partner, and what is wrong with it. Without one, the operating system's. */
export function readCaBundle(
  { backend, locate }: PscService,
  stageBundle: string | undefined,
  root: string,
  now: Date,
): { text?: string; findings: Finding[] } {
  const path = backend.protocol === "https" ? (backend.tls?.ca ?? stageBundle) : undefined;
  if (path === undefined) return { findings: [] };
  const where = locate("tls", "ca");
  const refused = (message: string) => ({
    findings: [{ level: "error" as const, rule: "psc-ca", where, message }],
  });
  let text: string;
  try {
    text = readFileSync(resolve(root, path), "utf8");
  } catch {
    return refused(`Cannot read the CA bundle ${path}. Name a PEM file in this project.`);
  }
  const found = certificates(text);
  if (found.length === 0)
    return refused(`${path} contains no certificate. It must be a PEM file with at least one.`);
  return {
    text,
    findings: found.flatMap(({ subject, validTo }): Finding[] => {
      const left = Math.floor((Date.parse(validTo) - now.getTime()) / DAY);
      if (left >= 30) return [];
      const expiry = left < 0 ? `expired on ${validTo}` : `expires in ${left} days`;
      return [
        {
          level: "warning",
          rule: "psc-ca-expires",
          where,
          message: `The certificate of ${subject.replaceAll("\n", ", ")} in ${path} ${expiry}. From then on every request to the partner fails with 502. Ask the partner for its successor and add it to the file.`,
        },
      ];
    }),
  };
}
