import type { Finding } from "../../lib/finding";
import type { Model } from "../model";
import { backendChecks } from "./backends";
import { brokenValues } from "./broken-values";
import { domainChecks } from "./domains";
import { functionChecks } from "./functions";
import { mappingChecks } from "./mappings";
import { collect, type ReportAt } from "./rules";
import { stageVariables } from "./stage-variables";
import { webAclChecks } from "./web-acl";

const checks: ((model: Model, at: ReportAt) => void)[] = [
  domainChecks,
  mappingChecks,
  webAclChecks,
  functionChecks,
  stageVariables,
  backendChecks,
  brokenValues,
];

/** What breaks a request between the domain name and the backend although AWS accepts each resource on its own. */
export function wiringFindings(model: Model): Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) check(model, collect(findings));
  return findings;
}
