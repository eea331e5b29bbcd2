import { type JsonObject, objectAt, stringAt } from "../../lib/json";
import { INTEGRATION, type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { integrationTypeOf } from "../rest-api/integration";
import { shapeOf, variablesOf, withoutGreedy } from "../rest-api/path-template";

/** Mappings that are imported but probably wrong: against the path's and the uri's variables, and those of a proxy. */
export function checkMappings(operation: Operation, integration: JsonObject, record: Recorder): void {
  const path = [...operation.path, INTEGRATION];
  const name = operationName(operation);
  const variables = variablesOf(operation.template);
  const uri = stringAt(integration, "uri") ?? "";
  const inUri = new Set(variablesInUri(uri));
  const mapped = new Set<string>();
  const opposite = variablesByPosition(uri, operation.template);
  for (const [target, source] of Object.entries(objectAt(integration, "requestParameters") ?? {})) {
    const at = [...path, "requestParameters", target];
    if (typeof source !== "string") {
      record.add("mapping-format", at, name, target, JSON.stringify(source) ?? "");
      continue;
    }
    const variable = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    if (variable === undefined) continue;
    mapped.add(variable);
    if (!inUri.has(variable)) record.add("unused-mapping", at, name, variable);
    const from = /^method\.request\.path\.(.+)$/.exec(source)?.[1];
    if (from === undefined || from === variable || from === opposite.get(variable)) continue;
    if (variables.includes(from) && variables.includes(variable)) {
      record.add("crossed-mapping", at, name, variable, from);
    }
  }
  if (/^https?:\/\//.test(uri)) {
    for (const variable of inUri) {
      if (!mapped.has(variable)) record.add("unmapped-variable", [...path, "uri"], name, variable);
    }
  }
  if (integrationTypeOf(integration).endsWith("_proxy")) checkProxyResponses(operation, integration, record);
}

/** The path in a URL, without its query. */
export function pathIn(uri: string): string {
  return uri.replace(/^https?:\/\/[^/]*/, "").replace(/[?#].*$/, "");
}

/** The names in braces, those of stage variables apart. */
export function variablesInUri(uri: string): string[] {
  return [...uri.replaceAll(/\$\{[^}]*\}/g, "").matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
}

/** The uri's variables with those of the resource at the same position, where the two paths have one shape. */
function variablesByPosition(uri: string, template: string): Map<string, string> {
  const path = pathIn(uri);
  const shapes = [path, withoutGreedy(template)].map((one) => shapeOf(one).replace(/\/$/, ""));
  if (shapes[0] !== shapes[1]) return new Map();
  const names = variablesOf(template);
  return new Map(variablesOf(path).map((name, index) => [name, names[index] ?? ""]));
}

function checkProxyResponses(operation: Operation, integration: JsonObject, record: Recorder): void {
  for (const [pattern, response] of Object.entries(objectAt(integration, "responses") ?? {})) {
    const unused = ["responseParameters", "responseTemplates"].flatMap((key) =>
      Object.keys(objectAt(response, key) ?? {}),
    );
    if (unused.length === 0) continue;
    const path = [...operation.path, INTEGRATION, "responses", pattern];
    record.add("proxy-response-mapping", path, operationName(operation), unused.join(", "));
  }
}
