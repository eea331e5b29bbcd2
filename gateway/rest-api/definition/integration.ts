import { asArray, asObject, isObject, type JsonObject } from "../../../lib/json";
import { restApi } from "../../../lib/quotas";
import {
  type IntegrationProblem,
  integrationProblems,
  integrationTypeOf,
} from "../../../openapi/rest-api/integration";
import type {
  ContentHandling,
  Integration,
  IntegrationResponse,
  IntegrationType,
  ParameterMapping,
  RequestParameter,
} from "../model";
import { asNumber, asText, resolveRef } from "./document";

/** The method that an integration belongs to, and what to do with problems. */
export interface ImportedMethod {
  /** `'GET' for resource at path '/x'`, as AWS words it */
  where: string;
  operation: JsonObject;
  parameters: readonly RequestParameter[];
  /** Something for which the definition cannot be served */
  refuse: (problem: string) => void;
  /** Something that AWS's import refuses although the meaning is clear: served, and named at start */
  note: (problem: string) => void;
}

const SERVED: ReadonlySet<IntegrationProblem["rule"]> = new Set(["mapping-source", "response-mapping"]);

/** The integration of an operation, with AWS's texts for what PutIntegration refuses. */
export function readIntegration(document: JsonObject, method: ImportedMethod): Integration {
  const declared = asObject(resolveRef(document, method.operation["x-amazon-apigateway-integration"]));
  const isDeclared = Object.keys(declared).length > 0;
  if (!isDeclared) method.note(`No integration defined for method: ${method.where}`);
  const integration: JsonObject = isDeclared ? { ...declared } : { type: "mock" };
  const type = integrationTypeOf(integration);
  for (const problem of integrationProblems(integration, partsOf(document, method))) {
    const isServed =
      SERVED.has(problem.rule) || (problem.rule === "integration-method" && type === "aws_proxy");
    const what = problem.rule === "response-mapping" ? "integration response" : "integration";
    (isServed ? method.note : method.refuse)(`Unable to put ${what} on ${method.where}: ${problem.aws}`);
  }
  const cacheKeyParameters = asArray(declared.cacheKeyParameters).map(String);
  // DianaIonita/serverless-api-gateway-caching#70
  for (const key of cacheKeyParameters.filter((one) => one.startsWith("method.request.multivalue")))
    method.refuse(
      `Unable to put integration on ${method.where}: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${key}]`,
    );
  const httpMethod =
    asText(declared.httpMethod)?.toUpperCase() || (type === "aws_proxy" ? "POST" : undefined);
  const isAny = httpMethod === "ANY" || httpMethod === "X-AMAZON-APIGATEWAY-ANY-METHOD";
  return {
    type: type.toUpperCase() as IntegrationType,
    httpMethod: type === "mock" || isAny ? undefined : httpMethod,
    uri: asText(declared.uri) ?? "",
    connectionType: asText(declared.connectionType)?.toUpperCase() === "VPC_LINK" ? "VPC_LINK" : "INTERNET",
    connectionId: asText(declared.connectionId),
    requestParameters: readRequestParameters(declared),
    requestTemplates: readTemplates(declared.requestTemplates),
    passthroughBehavior: passthrough(declared.passthroughBehavior),
    contentHandling: contentHandling(declared.contentHandling),
    timeoutMs: asNumber(declared.timeoutInMillis) ?? restApi.integrationTimeoutMs.max,
    responses: Object.entries(asObject(declared.responses)).flatMap(readResponse),
    cacheKeyParameters,
    cacheNamespace: asText(declared.cacheNamespace),
    insecureSkipVerification: asObject(declared.tlsConfig).insecureSkipVerification === true,
  };
}

function partsOf(document: JsonObject, { operation, parameters }: ImportedMethod) {
  return {
    hasParameter: (location: string, name: string) =>
      parameters.some((parameter) => parameter.location === location && parameter.name === name),
    headersOf: (status: string) =>
      asObject(asObject(resolveRef(document, asObject(operation.responses)[status])).headers),
  };
}

function passthrough(value: unknown): Integration["passthroughBehavior"] {
  const text = asText(value)?.toUpperCase();
  return text === "NEVER" || text === "WHEN_NO_TEMPLATES" ? text : "WHEN_NO_MATCH";
}

function contentHandling(value: unknown): ContentHandling | undefined {
  const text = asText(value)?.toUpperCase();
  return text === "CONVERT_TO_BINARY" || text === "CONVERT_TO_TEXT" ? text : undefined;
}

/** A mapping that is not a string is ignored with a warning, the rest is kept (recorded: import of a mapping `true`). */
function readRequestParameters(declared: JsonObject): ParameterMapping[] {
  return Object.entries(asObject(declared.requestParameters)).flatMap(([target, source]) => {
    const [, location, name = ""] =
      /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
    if (location === undefined || typeof source !== "string") return [];
    return [{ location: location as ParameterMapping["location"], name, source }];
  });
}

function readTemplates(value: unknown): Map<string, string> {
  const templates = new Map<string, string>();
  for (const [contentType, template] of Object.entries(asObject(value))) {
    if (template === null || template === undefined) continue;
    templates.set(contentType, typeof template === "string" ? template : JSON.stringify(template));
  }
  return templates;
}

function readResponse([pattern, value]: [string, unknown]): IntegrationResponse[] {
  if (!isObject(value)) return [];
  return [
    {
      selectionPattern: pattern === "default" ? undefined : pattern,
      statusCode: Number(asText(value.statusCode) ?? "200"),
      headers: Object.entries(asObject(value.responseParameters)).flatMap(([target, source]) =>
        typeof source === "string" && target.startsWith("method.response.header.")
          ? [[target.slice("method.response.header.".length), source] as [string, string]]
          : [],
      ),
      templates: readTemplates(value.responseTemplates),
      contentHandling: contentHandling(value.contentHandling),
    },
  ];
}
