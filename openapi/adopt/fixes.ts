import { isObject, type JsonObject, objectAt, prop, stringAt } from "../../lib/json";
import { variablesInUri } from "../check/mappings";
import { INTEGRATION, type Operation } from "../operations";
import { integrationTypeOf } from "../rest-api/integration";
import { variablesOf, withoutGreedy } from "../rest-api/path-template";

/** Fixes one kind of mistake in one operation, in place. */
type Fix = (operation: Operation, integration: JsonObject) => void;

const HOST = /^(https?:\/\/[^/]*)(.*)$/;

function useResourcePath(operation: Operation, integration: JsonObject): void {
  const [, host = "", path = ""] = HOST.exec(stringAt(integration, "uri") ?? "") ?? [];
  if (host === "") return;
  const slash = path.endsWith("/") && !operation.template.endsWith("/") ? "/" : "";
  integration.uri = host + withoutGreedy(operation.template) + slash;
  straightMappings(operation, integration);
}

function straightMappings(operation: Operation, integration: JsonObject): void {
  const kept = Object.entries(objectAt(integration, "requestParameters") ?? {}).filter(
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

function addMappings(operation: Operation, integration: JsonObject): void {
  const variables = variablesOf(operation.template);
  const parameters: JsonObject = { ...objectAt(integration, "requestParameters") };
  for (const name of variablesInUri(stringAt(integration, "uri") ?? "")) {
    if (variables.includes(name))
      parameters[`integration.request.path.${name}`] ??= `method.request.path.${name}`;
  }
  integration.requestParameters = parameters;
}

function removeUnusedMappings(_: Operation, integration: JsonObject): void {
  const variables = variablesInUri(stringAt(integration, "uri") ?? "");
  const kept = Object.entries(objectAt(integration, "requestParameters") ?? {}).filter(([target]) => {
    const name = /^integration\.request\.path\.(.+)$/.exec(target)?.[1];
    return name === undefined || variables.includes(name);
  });
  if (kept.length > 0) integration.requestParameters = Object.fromEntries(kept);
  else delete integration.requestParameters;
}

/** What `--fix RULE` does; findings of other rules need a person's decision. */
export const FIXES: Readonly<Record<string, Fix>> = {
  "uri-path": (operation, integration) => {
    if (operation.method !== "OPTIONS" && operation.method !== "ANY") useResourcePath(operation, integration);
  },
  "options-uri-path": (operation, integration) => {
    if (operation.method === "OPTIONS") useResourcePath(operation, integration);
  },
  "http-not-proxy": (_, integration) => {
    if (integration.type !== "http") return;
    integration.type = "http_proxy";
    delete integration.responses;
  },
  "method-differs": (operation, integration) => {
    const isHttp = integrationTypeOf(integration).startsWith("http");
    if (isHttp && operation.method !== "ANY") integration.httpMethod = operation.method;
  },
  "lambda-method": (_, integration) => {
    if (integrationTypeOf(integration) === "aws_proxy") integration.httpMethod = "POST";
  },
  "connection-id": (_, integration) => {
    if (integration.connectionType === "VPC_LINK") integration.connectionId ||= "${stageVariables.VPCLINK}";
  },
  "connection-type": (_, integration) => {
    const uri = stringAt(integration, "uri") ?? "";
    if (!integration.connectionId && !uri.includes("${stageVariables.VPCNLB}")) return;
    integration.connectionType = "VPC_LINK";
    integration.connectionId ||= "${stageVariables.VPCLINK}";
  },
  "unmapped-variable": addMappings,
  "unused-mapping": removeUnusedMappings,
  "crossed-mapping": (operation, integration) => {
    if (objectAt(integration, "requestParameters")) straightMappings(operation, integration);
  },
  "options-authorizer": (operation) => {
    // Not only removed: then the root's security would apply.
    if (operation.method === "OPTIONS") operation.value.security = [];
  },
  "proxy-response-mapping": (_, integration) => {
    if (integrationTypeOf(integration).endsWith("_proxy")) delete integration.responses;
  },
  "missing-options": () => {
    // compile adds OPTIONS; derive() then excepts no path.
  },
  "missing-catch-all": () => {
    // Likewise: derive() leaves the catch-all on.
  },
  "gateway-response-quotes": () => {
    // About the document; see fixDocument.
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

/** Applies the fixes of the rules that were found at this operation. */
export function fixOperation(operation: Operation, rules: ReadonlySet<string>): void {
  const integration = prop(operation.value, INTEGRATION);
  for (const rule of rules) FIXES[rule]?.(operation, isObject(integration) ? integration : {});
}

export function fixDocument(root: JsonObject, rules: ReadonlySet<string>): void {
  if (!rules.has("gateway-response-quotes")) return;
  for (const response of Object.values(objectAt(root, "x-amazon-apigateway-gateway-responses") ?? {})) {
    const templates = objectAt(response, "responseTemplates") ?? {};
    for (const [type, template] of Object.entries(templates)) {
      if (typeof template !== "string") continue;
      templates[type] = template.replaceAll('"$context.error.message"', "$context.error.messageString");
    }
  }
}
