import type {
  ContentHandling,
  Integration,
  IntegrationResponse,
  IntegrationType,
  ParameterMapping,
  RequestParameter,
} from "../model";
import { asArray, asNumber, asObject, asText, isObject, type Json, resolveRef } from "./document";

interface Place {
  /** `'GET' for resource at path '/x'`, as AWS words it. */
  where: string;
  parameters: readonly RequestParameter[];
  /** What makes the definition unservable. */
  problems: string[];
  /** What AWS's import refuses although it is clear what is meant: served, and named at start. */
  refusedByAws: string[];
}

const NO_HTTP_METHOD = "Enumeration value for HttpMethod must be non-empty";

const TYPES: ReadonlySet<string> = new Set(["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"]);

/** The integration of an operation; problems are added with PutIntegration's texts (recorded: test_put_integration_validation). */
export function readIntegration(document: Json, operation: Json, place: Place): Integration {
  const declared = asObject(resolveRef(document, operation["x-amazon-apigateway-integration"]));
  if (Object.keys(declared).length === 0) {
    place.refusedByAws.push(`No integration defined for method: ${place.where}`);
  }
  const type = (asText(declared.type) ?? "MOCK").toUpperCase();
  const refuse = (reason: string): void => {
    place.problems.push(`Unable to put integration on ${place.where}: ${reason}`);
  };
  if (!TYPES.has(type)) refuse(`Invalid integration type specified: ${asText(declared.type)}`);
  const uri = asText(declared.uri) ?? "";
  let httpMethod = asText(declared.httpMethod)?.toUpperCase();
  if (!httpMethod && type === "AWS_PROXY") {
    place.refusedByAws.push(`Unable to put integration on ${place.where}: ${NO_HTTP_METHOD}`);
    httpMethod = "POST";
  }
  checkEndpoint(type as IntegrationType, uri, httpMethod, refuse);
  const timeoutMs = asNumber(declared.timeoutInMillis) ?? 29_000;
  if (timeoutMs < 50) refuse("Timeout should be between 50 ms and 29000 ms");
  return {
    type: type as IntegrationType,
    httpMethod:
      type === "MOCK" || httpMethod === "ANY" || httpMethod === "X-AMAZON-APIGATEWAY-ANY-METHOD"
        ? undefined
        : httpMethod,
    uri,
    connectionType: asText(declared.connectionType)?.toUpperCase() === "VPC_LINK" ? "VPC_LINK" : "INTERNET",
    connectionId: asText(declared.connectionId),
    requestParameters: readRequestParameters(declared, place, refuse),
    requestTemplates: readTemplates(declared.requestTemplates, refuse),
    passthroughBehavior: passthrough(declared.passthroughBehavior),
    contentHandling: contentHandling(declared.contentHandling),
    timeoutMs,
    responses: readResponses(document, operation, declared, place, refuse),
    cacheKeyParameters: asArray(declared.cacheKeyParameters).map(String),
    cacheNamespace: asText(declared.cacheNamespace),
    insecureSkipVerification: asObject(declared.tlsConfig).insecureSkipVerification === true,
  };
}

function checkEndpoint(
  type: IntegrationType,
  uri: string,
  httpMethod: string | undefined,
  refuse: (reason: string) => void,
): void {
  if (type === "MOCK") return;
  if (!httpMethod) refuse(NO_HTTP_METHOD);
  if (type === "HTTP" || type === "HTTP_PROXY") {
    if (!/^https?:\/\/./i.test(uri)) refuse("Invalid HTTP endpoint specified for URI");
    return;
  }
  const arn = /^arn:[^:]+:apigateway:([^:]*):([^:]*):(.*)$/.exec(uri);
  if (!uri.startsWith("arn:")) refuse("Invalid ARN specified in the request");
  else if (!arn || !/^(path|action)\//.test(arn[3] as string))
    refuse("AWS ARN for integration must contain path or action");
  else if (type === "AWS_PROXY" && !/^(.*\.)?lambda$/.test(arn[2] as string) && arn[2] !== "firehose") {
    refuse(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
}

function passthrough(value: unknown): Integration["passthroughBehavior"] {
  const text = asText(value)?.toUpperCase();
  return text === "NEVER" || text === "WHEN_NO_TEMPLATES" ? text : "WHEN_NO_MATCH";
}

function contentHandling(value: unknown): ContentHandling | undefined {
  const text = asText(value)?.toUpperCase();
  return text === "CONVERT_TO_BINARY" || text === "CONVERT_TO_TEXT" ? text : undefined;
}

const INVALID = "Invalid mapping expression specified: Validation Result: warnings : [], errors : ";

/** A mapping that is not text is left out with a warning, the rest is kept (recorded: import of a mapping `true`). */
function readRequestParameters(
  declared: Json,
  place: Place,
  refuse: (reason: string) => void,
): ParameterMapping[] {
  const mappings: ParameterMapping[] = [];
  for (const [target, source] of Object.entries(asObject(declared.requestParameters))) {
    const match = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target);
    if (typeof source !== "string") continue;
    if (!match) {
      refuse(`${INVALID}[Invalid mapping expression specified: ${target}]`);
      continue;
    }
    if (!declaredSource(source, place.parameters)) {
      place.refusedByAws.push(
        `Unable to put integration on ${place.where}: ${INVALID}[Invalid mapping expression parameter specified: ${source}]`,
      );
    }
    mappings.push({ location: match[1] as ParameterMapping["location"], name: match[2] as string, source });
  }
  return mappings;
}

function declaredSource(source: string, parameters: readonly RequestParameter[]): boolean {
  const match = /^method\.request\.(multivalue)?(querystring|header)\.(.+)$/.exec(source);
  if (!match) return true;
  return parameters.some((parameter) => parameter.location === match[2] && parameter.name === match[3]);
}

/** Keys have to be content types (recorded: `Invalid content type specified: 123`); `$default` counts as one. */
function readTemplates(value: unknown, refuse: (reason: string) => void): Map<string, string> {
  const templates = new Map<string, string>();
  for (const [contentType, template] of Object.entries(asObject(value))) {
    if (contentType !== "$default" && !/^[^/\s]+\/[^/]+$/.test(contentType)) {
      refuse(`Validation Result: warnings : [], errors : [Invalid content type specified: ${contentType}]`);
      continue;
    }
    if (template === null || template === undefined) continue;
    templates.set(contentType, typeof template === "string" ? template : JSON.stringify(template));
  }
  return templates;
}

function readResponses(
  document: Json,
  operation: Json,
  declared: Json,
  place: Place,
  refuse: (reason: string) => void,
): IntegrationResponse[] {
  const responses: IntegrationResponse[] = [];
  for (const [pattern, value] of Object.entries(asObject(declared.responses))) {
    if (!isObject(value)) continue;
    const statusCode = asText(value.statusCode) ?? "200";
    if (!/^[1-5]\d\d$/.test(statusCode)) refuse(`Invalid status code specified: ${statusCode}`);
    responses.push({
      selectionPattern: pattern === "default" ? undefined : pattern,
      statusCode: Number(statusCode),
      headers: readResponseHeaders(document, operation, value, statusCode, place),
      templates: readTemplates(value.responseTemplates, refuse),
      contentHandling: contentHandling(value.contentHandling),
    });
  }
  return responses;
}

/** A header that is mapped has to be declared by the method response of that status, or AWS refuses the import. */
function readResponseHeaders(
  document: Json,
  operation: Json,
  response: Json,
  statusCode: string,
  place: Place,
): [string, string][] {
  const responses = asObject(operation.responses);
  const method = asObject(resolveRef(document, responses[statusCode] ?? responses.default));
  const declared = new Set(Object.keys(asObject(method.headers)));
  const headers: [string, string][] = [];
  for (const [target, source] of Object.entries(asObject(response.responseParameters))) {
    if (typeof source !== "string" || !target.startsWith("method.response.header.")) continue;
    const name = target.slice("method.response.header.".length);
    if (!declared.has(name)) {
      place.refusedByAws.push(
        `Unable to put integration response on ${place.where}: ${INVALID}[Invalid mapping expression parameter specified: ${target}]`,
      );
    }
    headers.push([name, source]);
  }
  return headers;
}
