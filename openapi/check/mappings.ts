import { type JsonObject, own, ownObject, ownString } from "../../lib/json";
import type { SpecDocument } from "../document";
import { INTEGRATION, type Operation, operationName } from "../operations";
import { shapeOf, variablesOf } from "../path-template";
import type { Report } from "./report";

const PLACES: Record<string, string> = { querystring: "query", header: "header", path: "path" };

/** The request parameters of an integration against the method's parameters and the uri's variables. */
export function checkMappings(operation: Operation, integration: JsonObject, report: Report): void {
  const path = [...operation.path, INTEGRATION, "requestParameters"];
  const name = operationName(operation);
  const variables = variablesOf(operation.template);
  const uri = ownString(integration, "uri") ?? "";
  const inUri = new Set(
    [...uri.replaceAll(/\$\{[^}]*\}/g, "").matchAll(/\{([^{}]+)\}/g)].map(([, text = ""]) => text),
  );
  const mapped = new Set<string>();
  const opposite = variablesByPlace(uri, operation.template);
  for (const [target, source] of Object.entries(ownObject(integration, "requestParameters") ?? {})) {
    const place = [...path, target];
    if (typeof source !== "string") {
      report.add("mapping-format", place, `${name} maps ${target} to ${JSON.stringify(source)}.`);
      continue;
    }
    checkSource(operation, source, place, report);
    const variable = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    if (variable === undefined) continue;
    mapped.add(variable);
    if (!inUri.has(variable))
      report.add("unused-mapping", place, `${name} maps {${variable}}, which its uri does not have.`);
    const from = /^method\.request\.path\.(.+)$/.exec(source)?.[1];
    if (from === undefined || from === variable || from === opposite.get(variable)) continue;
    if (variables.includes(from) && variables.includes(variable)) {
      report.add("crossed-mapping", place, `${name} maps {${variable}} to the value of {${from}}.`);
    }
  }
  if (!/^https?:\/\//.test(uri)) return;
  for (const variable of inUri) {
    if (mapped.has(variable)) continue;
    report.add(
      "unmapped-variable",
      [...operation.path, INTEGRATION, "uri"],
      `${name} does not map {${variable}}.`,
    );
  }
}

/** The uri's variables with those of the resource that stand in the same place, where the two paths are of one shape. */
function variablesByPlace(uri: string, template: string): Map<string, string> {
  const path = uri.replace(/^https?:\/\/[^/]*/, "").replace(/[?#].*$/, "");
  if (shapeOf(path).replace(/\/$/, "") !== shapeOf(template.replaceAll("+}", "}")).replace(/\/$/, ""))
    return new Map();
  const names = variablesOf(template);
  return new Map(variablesOf(path).map((name, index) => [name, names[index] ?? ""]));
}

/** Path variables, context, stage variables and quoted texts need no declaration. */
function checkSource(operation: Operation, source: string, path: (string | number)[], report: Report): void {
  const [, kind = "", wanted = ""] =
    /^method\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/.exec(source) ?? [];
  if (kind === "") return;
  const known =
    kind === "path"
      ? variablesOf(operation.template).includes(wanted)
      : operation.parameters.some(({ in: place, name }) => place === PLACES[kind] && name === wanted);
  if (!known) report.add("mapping-source", path, `${operationName(operation)} maps from ${source}.`);
}

/** The response parameters of an integration against the headers that the method's responses declare. */
export function checkResponseMappings(
  document: SpecDocument,
  operation: Operation,
  integration: JsonObject,
  report: Report,
): void {
  const proxy = (ownString(integration, "type") ?? "").toLowerCase().endsWith("_proxy");
  for (const [pattern, response] of Object.entries(ownObject(integration, "responses") ?? {})) {
    const place = [...operation.path, INTEGRATION, "responses", pattern];
    const targets = Object.keys(ownObject(response, "responseParameters") ?? {});
    if (proxy) {
      const unused = [...targets, ...Object.keys(ownObject(response, "responseTemplates") ?? {})];
      if (unused.length > 0) {
        const found = `${operationName(operation)} is a proxy and maps ${unused.join(", ")}.`;
        report.add("proxy-response-mapping", place, found);
      }
      continue;
    }
    const status = String(own(response, "statusCode") ?? "");
    const declared = own(ownObject(operation.value, "responses"), status);
    const headers = ownObject(document.resolve(declared, operation.path)?.value, "headers") ?? {};
    for (const target of targets) {
      const header = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
      if (header === undefined || Object.hasOwn(headers, header)) continue;
      const found = `${operationName(operation)} maps ${target} for the status ${status}.`;
      report.add("response-mapping", [...place, "responseParameters", target], found);
    }
  }
}
