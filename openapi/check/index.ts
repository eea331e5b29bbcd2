import type { Finding } from "../../lib/finding";
import type { SpecDocument } from "../document";
import { danglingReferences, INTEGRATION, operationsOf } from "../operations";
import { RESOURCES } from "../resource-count";
import { wrongParts } from "../structure";
import { checkAccess } from "./access";
import { checkDocument } from "./document";
import { checkGatewayResponses } from "./gateway-responses";
import { checkIntegrations } from "./integrations";
import { OperationCheck } from "./operations";
import { checkPaths } from "./paths";
import { Report } from "./report";
import { SchemaCheck } from "./schemas";

export interface CheckOptions {
  /** Resources that the account allows per API; default 300 */
  resources?: number;
  /** Stage variables that the stage sets; default VPCLINK and VPCNLB */
  stageVariables?: readonly string[];
}

/**
 * Everything that API Gateway's import would refuse, leave out or warn about, and for a definition (a document with
 * integrations) also what would go wrong at run time and what looks like a slip of the hand. In the rules' order;
 * `where` is found when it is read.
 */
export function check(document: SpecDocument, options: CheckOptions = {}): Finding[] {
  const report = new Report(document);
  const operations = operationsOf(document);
  checkDocument(document, operations, report);
  checkPaths(document, operations, report, options.resources ?? RESOURCES);
  for (const { ref, path } of danglingReferences(document)) {
    report.add("missing-reference", path, `There is no ${ref}.`);
  }
  for (const { path, found } of wrongParts(document)) report.add("wrong-structure", path, found);
  const schemas = new SchemaCheck(document, report);
  const check = new OperationCheck(document, report, schemas);
  for (const operation of operations) check.run(operation);
  schemas.components();
  if (operations.some(({ value }) => Object.hasOwn(value, INTEGRATION))) {
    checkIntegrations(document, operations, report, options.stageVariables ?? ["VPCLINK", "VPCNLB"]);
    checkAccess(document, operations, report);
    checkGatewayResponses(document, report);
  }
  return report.findings;
}
