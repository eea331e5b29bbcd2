import type { Finding } from "../../openapi";
import type { Model } from "../model";
import { backendFindings } from "./backends";
import { brokenValueFindings } from "./broken-values";
import { domainFindings } from "./domains";
import { functionFindings } from "./functions";
import { mappingFindings } from "./mappings";
import { stageVariableFindings } from "./stage-variables";
import { webAclFindings } from "./web-acl";

const checks: ((model: Model) => Finding[])[] = [
  domainFindings,
  mappingFindings,
  webAclFindings,
  functionFindings,
  stageVariableFindings,
  backendFindings,
  brokenValueFindings,
];

/**
 * Every place where a request would not get from a domain name to the backend, although each resource by itself is
 * what AWS accepts. All are errors.
 */
export function wiringFindings(model: Model): Finding[] {
  return checks.flatMap((check) => check(model));
}

/** A wiring finding; wires have no warnings. */
export function broken(rule: string, where: string, message: string): Finding {
  return { level: "error", rule, where, message };
}
