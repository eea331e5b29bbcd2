import type { Finding } from "../../lib/finding";
import { prop } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { reportBroken } from "../compile";
import { Methods } from "../compile/method";
import { Models } from "../compile/models";
import { checkBytes } from "../compile/quotas";
import { placeOperations, templatesOf } from "../compile/resources";
import type { SpecDocument } from "../document";
import { INTEGRATION, type Operation, operationName, operationsOf } from "../operations";
import { Recorder } from "../recorder";
import { METHODS } from "../rest-api/constraints";
import { variablesOf } from "../rest-api/path-template";
import { checkAccess, checkScopes } from "./access";
import { checkDocument } from "./document";
import { checkExtensions } from "./extensions";
import { checkGatewayResponses } from "./gateway-responses";
import { httpApiMark } from "./http-api";
import { checkIntegrations } from "./integrations";

export interface CheckOptions {
  /** Resources that the account allows per API; default 300 */
  resources?: number;
  /** Stage variables that the stage sets; default VPCLINK and VPCNLB */
  stageVariables?: readonly string[];
}

const KNOWN_METHODS: ReadonlySet<string> = new Set([...METHODS, "ANY"]);

/**
 * Everything that API Gateway's import would refuse, ignore or warn about, and for a definition (a document with
 * integrations) also what would fail at run time and what looks like a mistake made by hand. Paths, operations and
 * schemas are converted as compile does it: whatever that has to change is what AWS would not accept.
 */
export function check(document: SpecDocument, options: CheckOptions = {}): Finding[] {
  const record = new Recorder(document);
  const operations = operationsOf(document);
  const mark = httpApiMark(document.root, operations);
  if (mark) {
    record.add("http-api", mark.path, mark.name);
    return record.findings();
  }
  checkBytes(document.bytes, record);
  checkDocument(operations, record);
  const { placed, tree } = placeOperations(templatesOf(document), operations, record);
  const quota = options.resources ?? restApi.resources;
  const resources = tree.count();
  if (resources > quota) record.add("resource-quota", ["paths"], resources, quota);
  reportBroken(record);
  const models = new Models(record, false);
  const methods = new Methods(record, models, false);
  const variables = new Map(placed.map((one) => [one.operation, one.variables]));
  for (const operation of operations) {
    const { template, path } = operation;
    record.operation = operationName(operation);
    if (operation.method === "TRACE") record.add("trace-method", path, record.operation);
    else if (!KNOWN_METHODS.has(operation.method)) record.add("http-method", path, record.operation);
    const names = variables.get(operation) ?? variablesOf(template).map((name) => ({ specName: name, name }));
    methods.describe({ operation, path: template, backendPath: template, variables: names });
  }
  record.operation = undefined;
  models.components();
  checkExtensions(operations, record);
  checkScopes(operations, record);
  if (operations.some(isIntegrated)) {
    checkIntegrations(operations, record, options.stageVariables ?? ["VPCLINK", "VPCNLB"]);
    checkAccess(operations, record);
    checkGatewayResponses(record);
  }
  return record.findings();
}

function isIntegrated({ value }: Operation): boolean {
  return prop(value, INTEGRATION) !== undefined;
}
