import { isObject, type JsonObject, type Key, objectAt, prop } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { CONTENT_TYPE, INTEGRATION_TYPES, STATUS_CODE } from "./constraints";

/** What PutIntegration and PutIntegrationResponse refuse of an integration. */
export interface IntegrationProblem {
  rule:
    | "integration-type"
    | "integration-method"
    | "integration-uri"
    | "timeout-range"
    | "mapping-target"
    | "mapping-source"
    | "template-content-type"
    | "integration-status"
    | "response-mapping";
  /** Below the integration */
  path: Key[];
  /** The value that is refused; for `response-mapping` the header, with `status` */
  value: string;
  status?: string;
  /** AWS's text (recorded: LocalStack's test_put_integration_validation snapshots) */
  aws: string;
}

/** What an integration can use of its method. */
export interface MethodParts {
  hasParameter: (location: "path" | "querystring" | "header", name: string) => boolean;
  /** The headers that the method response with this status code declares */
  headersOf: (status: string) => JsonObject;
}

const INVALID_MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors : ";

export function integrationTypeOf(integration: JsonObject): string {
  return textOf(integration.type).toLowerCase();
}

export function* integrationProblems(
  integration: JsonObject,
  method: MethodParts,
): Generator<IntegrationProblem> {
  const type = integrationTypeOf(integration);
  if (!INTEGRATION_TYPES.has(type)) {
    const aws = `Invalid integration type specified: ${textOf(integration.type)}`;
    yield { rule: "integration-type", path: [], value: textOf(integration.type), aws };
    return;
  }
  if (type !== "mock") {
    if (textOf(integration.httpMethod) === "") {
      const aws = "Enumeration value for HttpMethod must be non-empty";
      yield { rule: "integration-method", path: [], value: "", aws };
    }
    const value = textOf(integration.uri);
    const aws = endpointProblem(type, value);
    if (aws !== undefined) yield { rule: "integration-uri", path: ["uri"], value, aws };
  }
  yield* timeoutProblems(integration);
  yield* requestProblems(integration, method);
  const responses = Object.entries(objectAt(integration, "responses") ?? {});
  for (const [pattern, response] of responses) {
    if (!isObject(response)) continue;
    yield* responseProblems(response, ["responses", pattern], type.endsWith("_proxy") ? undefined : method);
  }
}

/** Text of a scalar, else nothing: YAML has status codes and timeouts as numbers, and as strings. */
export function textOf(value: unknown): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** AWS's text for a uri that the integration type cannot have. */
function endpointProblem(type: string, declared: string): string | undefined {
  // `${AWS::Region}` and the like are replaced at import.
  const uri = declared.replaceAll(/\$\{AWS::\w+\}/g, "x");
  if (type.startsWith("http")) {
    return /^https?:\/\/[^/]/i.test(uri) ? undefined : "Invalid HTTP endpoint specified for URI";
  }
  if (!uri.startsWith("arn:")) return "Invalid ARN specified in the request";
  const [, service = "", target = ""] = /^arn:[^:]+:apigateway:[^:]*:([^:]+):(.*)$/.exec(uri) ?? [];
  if (!/^(path|action)\//.test(target)) return "AWS ARN for integration must contain path or action";
  const isProxyTarget = /^(.*\.)?lambda$/.test(service) || service === "firehose";
  return type !== "aws_proxy" || isProxyTarget
    ? undefined
    : "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.";
}

function* timeoutProblems({ timeoutInMillis }: JsonObject): Generator<IntegrationProblem> {
  if (timeoutInMillis === undefined || Number(timeoutInMillis) >= restApi.integrationTimeoutMs.min) return;
  const aws = "Timeout should be between 50 ms and 29000 ms";
  const value = JSON.stringify(timeoutInMillis) ?? "";
  yield { rule: "timeout-range", path: ["timeoutInMillis"], value, aws };
}

/**
 * Sources besides declared parameters: the body or a JSONPath in it, context and stage variables, quoted text
 * (guide: rest-api-parameter-mapping).
 */
const SOURCE = /^(method\.request\.body(\..+)?|(context|stageVariables)\..+|'[\s\S]*')$/;

/** Context and stage variables and quoted texts need no declaration. A mapping that is not a string is ignored. */
function* requestProblems(integration: JsonObject, method: MethodParts): Generator<IntegrationProblem> {
  for (const [target, source] of Object.entries(objectAt(integration, "requestParameters") ?? {})) {
    if (typeof source !== "string") continue;
    const path = ["requestParameters", target];
    if (!/^integration\.request\.(path|querystring|header)\..+$/.test(target)) {
      const aws = `${INVALID_MAPPING}[Invalid mapping expression specified: ${target}]`;
      yield { rule: "mapping-target", path, value: target, aws };
      continue;
    }
    const [, location, name = ""] =
      /^method\.request\.(?:multivalue)?(path|querystring|header)\.(.+)$/.exec(source) ?? [];
    const isKnown =
      location === undefined ? SOURCE.test(source) : method.hasParameter(location as "path", name);
    if (isKnown) continue;
    const aws = `${INVALID_MAPPING}[Invalid mapping expression parameter specified: ${source}]`;
    yield { rule: "mapping-source", path, value: source, aws };
  }
  yield* templateProblems(integration, "requestTemplates", []);
}

/** @param method undefined for a proxy integration, which stores its responses without using them */
function* responseProblems(
  response: JsonObject,
  path: Key[],
  method: MethodParts | undefined,
): Generator<IntegrationProblem> {
  const status = textOf(prop(response, "statusCode") ?? "200");
  if (!STATUS_CODE.test(status)) {
    const aws = `Invalid status code specified: ${status}`;
    yield { rule: "integration-status", path: [...path, "statusCode"], value: status, aws };
  }
  yield* templateProblems(response, "responseTemplates", path);
  for (const target of Object.keys(objectAt(response, "responseParameters") ?? {})) {
    const header = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    if (!method || header === undefined || Object.hasOwn(method.headersOf(status), header)) continue;
    const aws = `${INVALID_MAPPING}[Invalid mapping expression parameter specified: ${target}]`;
    yield {
      rule: "response-mapping",
      path: [...path, "responseParameters", target],
      value: target,
      status,
      aws,
    };
  }
}

/** `$default` counts as a content type. */
function* templateProblems(owner: JsonObject, key: string, path: Key[]): Generator<IntegrationProblem> {
  for (const type of Object.keys(objectAt(owner, key) ?? {})) {
    if (type === "$default" || CONTENT_TYPE.test(type)) continue;
    const aws = `Validation Result: warnings : [], errors : [Invalid content type specified: ${type}]`;
    yield { rule: "template-content-type", path: [...path, key, type], value: type, aws };
  }
}
