import { isObject, type JsonObject, own, ownObject, ownString } from "../../lib/json";
import { INTEGRATION, type Operation } from "../operations";
import { variablesOf } from "../path-template";

/** Mends one kind of hand error in one operation; changes `value` in place. */
type Fix = (operation: Operation, integration: JsonObject) => void;

const HOST = /^(https?:\/\/[^/]*)(.*)$/;

function ownPath(operation: Operation, integration: JsonObject): void {
  const [, host = "", path = ""] = HOST.exec(ownString(integration, "uri") ?? "") ?? [];
  if (host === "") return;
  const slash = path.endsWith("/") && !operation.template.endsWith("/") ? "/" : "";
  integration.uri = host + operation.template.replaceAll("+}", "}") + slash;
  straightMappings(operation, integration);
}

function straightMappings(operation: Operation, integration: JsonObject): void {
  const kept = Object.entries(ownObject(integration, "requestParameters") ?? {}).filter(
    ([target]) => !target.startsWith("integration.request.path."),
  );
  const paths = variablesOf(operation.template).map((name) => [
    `integration.request.path.${name}`,
    `method.request.path.${name}`,
  ]);
  const mappings = [...kept, ...paths];
  if (mappings.length > 0) integration.requestParameters = Object.fromEntries(mappings);
  else delete integration.requestParameters;
}

function variablesInUri(integration: JsonObject): string[] {
  const uri = (ownString(integration, "uri") ?? "").replaceAll(/\$\{[^}]*\}/g, "");
  return [...uri.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
}

function addMappings(operation: Operation, integration: JsonObject): void {
  const variables = variablesOf(operation.template);
  const parameters: JsonObject = { ...ownObject(integration, "requestParameters") };
  for (const name of variablesInUri(integration)) {
    if (variables.includes(name))
      parameters[`integration.request.path.${name}`] ??= `method.request.path.${name}`;
  }
  integration.requestParameters = parameters;
}

function removeUnusedMappings(_: Operation, integration: JsonObject): void {
  const variables = variablesInUri(integration);
  const kept = Object.entries(ownObject(integration, "requestParameters") ?? {}).filter(([target]) => {
    const name = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    return name === undefined || variables.includes(name);
  });
  if (kept.length > 0) integration.requestParameters = Object.fromEntries(kept);
  else delete integration.requestParameters;
}

/** What `--fix RULE` does; the other rules need a person's decision. */
export const FIXES: Readonly<Record<string, Fix>> = {
  "uri-path": (operation, integration) => {
    if (operation.method !== "OPTIONS" && operation.method !== "ANY") ownPath(operation, integration);
  },
  "options-uri-path": (operation, integration) => {
    if (operation.method === "OPTIONS") ownPath(operation, integration);
  },
  "http-not-proxy": (_, integration) => {
    if (integration.type !== "http") return;
    integration.type = "http_proxy";
    delete integration.responses;
  },
  "method-differs": (operation, integration) => {
    const http = String(integration.type).toLowerCase().startsWith("http");
    if (http && operation.method !== "ANY") integration.httpMethod = operation.method;
  },
  "lambda-method": (_, integration) => {
    if (String(integration.type).toLowerCase() === "aws_proxy") integration.httpMethod = "POST";
  },
  "connection-id": (_, integration) => {
    if (integration.connectionType === "VPC_LINK") integration.connectionId ||= "${stageVariables.VPCLINK}";
  },
  "connection-type": (_, integration) => {
    const uri = ownString(integration, "uri") ?? "";
    if (!integration.connectionId && !uri.includes("${stageVariables.VPCNLB}")) return;
    integration.connectionType = "VPC_LINK";
    integration.connectionId ||= "${stageVariables.VPCLINK}";
  },
  "unmapped-variable": addMappings,
  "unused-mapping": removeUnusedMappings,
  "crossed-mapping": (operation, integration) => {
    if (ownObject(integration, "requestParameters")) straightMappings(operation, integration);
  },
  "options-authorizer": (operation) => {
    // Not only taken away: then the root's security would hold.
    if (operation.method === "OPTIONS") operation.value.security = [];
  },
  "proxy-response-mapping": (_, integration) => {
    if (String(integration.type).toLowerCase().endsWith("_proxy")) delete integration.responses;
  },
  "missing-options": () => {
    // OPTIONS is what compile adds by itself; derive() then excepts no path.
  },
  "missing-catch-all": () => {
    // Likewise: derive() leaves the catch-all on.
  },
  "gateway-response-quotes": () => {
    // Concerns the document; see fixDocument.
  },
};

/** One `--fix`: a rule, for one operation or (without it) everywhere. */
export interface FixRequest {
  rule: string;
  operation?: string;
}

/** "uri-path", or "uri-path:GET /x" */
export function parseFix(text: string): FixRequest {
  const colon = text.indexOf(":");
  return colon === -1
    ? { rule: text }
    : { rule: text.slice(0, colon), operation: text.slice(colon + 1).trim() };
}

/** Only the operations that the rule was found at are touched. */
export function fixOperation(operation: Operation, rules: ReadonlySet<string>): void {
  const integration = own(operation.value, INTEGRATION);
  for (const rule of rules) FIXES[rule]?.(operation, isObject(integration) ? integration : {});
}

export function fixDocument(root: JsonObject, rules: ReadonlySet<string>): void {
  if (!rules.has("gateway-response-quotes")) return;
  for (const response of Object.values(ownObject(root, "x-amazon-apigateway-gateway-responses") ?? {})) {
    const templates = ownObject(response, "responseTemplates") ?? {};
    for (const [type, template] of Object.entries(templates)) {
      templates[type] = String(template).replaceAll(
        '"$context.error.message"',
        "$context.error.messageString",
      );
    }
  }
}
