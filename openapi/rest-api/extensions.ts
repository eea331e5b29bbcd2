import { METHODS, SOURCES } from "./constraints";

/** What a value of an extension has to be. */
export type Shape =
  | { kind: "any" | "text" | "flag" | "texts" | "map" }
  | { kind: "number"; min: number; max: number }
  /** One of the values, in any case */
  | { kind: "enum"; values: readonly string[] }
  /** A map with these members; `open` maps have others too */
  | { kind: "members"; members: Readonly<Record<string, Member>>; source: string }
  | { kind: "map-of"; of: Shape; keys?: readonly string[] };

export type Member = Shape & { required?: true };

const any: Shape = { kind: "any" };
const text: Shape = { kind: "text" };
const flag: Shape = { kind: "flag" };
const texts: Shape = { kind: "texts" };
const map: Shape = { kind: "map" };
const number = (min: number, max: number): Shape => ({ kind: "number", min, max });
const oneOf = (...values: string[]): Shape => ({ kind: "enum", values });
const mapOf = (of: Shape, keys?: readonly string[]): Shape => ({ kind: "map-of", of, ...(keys && { keys }) });
const required = (shape: Shape): Member => ({ ...shape, required: true });
const members = (page: string, list: Readonly<Record<string, Member>>): Shape => ({
  kind: "members",
  members: list,
  source: SOURCES.extension(page),
});

const contentHandling = oneOf("CONVERT_TO_BINARY", "CONVERT_TO_TEXT");

/** "The type of the gateway response" (API reference, GatewayResponse, responseType) */
export const GATEWAY_RESPONSE_TYPES = [
  "ACCESS_DENIED",
  "API_CONFIGURATION_ERROR",
  "AUTHORIZER_CONFIGURATION_ERROR",
  "AUTHORIZER_FAILURE",
  "BAD_REQUEST_BODY",
  "BAD_REQUEST_PARAMETERS",
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "EXPIRED_TOKEN",
  "INTEGRATION_FAILURE",
  "INTEGRATION_TIMEOUT",
  "INVALID_API_KEY",
  "INVALID_SIGNATURE",
  "MISSING_AUTHENTICATION_TOKEN",
  "QUOTA_EXCEEDED",
  "REQUEST_TOO_LARGE",
  "RESOURCE_NOT_FOUND",
  "THROTTLED",
  "UNAUTHORIZED",
  "UNSUPPORTED_MEDIA_TYPE",
  "WAF_FILTERED",
];

const integration = members("integration", {
  cacheKeyParameters: texts,
  cacheNamespace: text,
  connectionId: text,
  connectionType: oneOf("INTERNET", "VPC_LINK"),
  contentHandling,
  credentials: text,
  httpMethod: oneOf(...METHODS, "ANY", "x-amazon-apigateway-any-method"),
  integrationTarget: text,
  passthroughBehavior: oneOf("when_no_match", "when_no_templates", "never"),
  // "payloadFormatVersion: required for HTTP APIs"; recorded: ignored for REST
  payloadFormatVersion: any,
  requestParameters: map,
  requestTemplates: map,
  responseTransferMode: oneOf("BUFFERED", "STREAM"),
  responses: mapOf(
    members("integration-response", {
      statusCode: any,
      contentHandling,
      responseParameters: map,
      responseTemplates: map,
      // AWS's exports before 2017
      selectionPattern: text,
    }),
  ),
  timeoutInMillis: any,
  tlsConfig: members("integration-tls-config", {
    insecureSkipVerification: flag,
    serverNameToVerify: text,
  }),
  type: any,
  uri: any,
});

const authorizer = members("authorizer", {
  type: required(oneOf("token", "request", "cognito_user_pools")),
  authorizerCredentials: text,
  authorizerResultTtlInSeconds: number(0, 3600),
  authorizerUri: text,
  identitySource: text,
  identityValidationExpression: text,
  providerARNs: texts,
});

/** Extensions of the document. */
export const ROOT_EXTENSIONS: Readonly<Record<string, Shape>> = {
  "x-amazon-apigateway-api-key-source": oneOf("HEADER", "AUTHORIZER"),
  "x-amazon-apigateway-binary-media-types": texts,
  "x-amazon-apigateway-documentation": map,
  "x-amazon-apigateway-endpoint-access-mode": oneOf("BASIC", "STRICT"),
  "x-amazon-apigateway-endpoint-configuration": members("endpoint-configuration", {
    disableExecuteApiEndpoint: flag,
    vpcEndpointIds: texts,
    ipAddressType: oneOf("ipv4", "dualstack"),
    types: texts,
  }),
  "x-amazon-apigateway-gateway-responses": mapOf(
    members("gateway-responses.gatewayResponse", {
      responseParameters: map,
      responseTemplates: map,
      statusCode: any,
    }),
    GATEWAY_RESPONSE_TYPES,
  ),
  // "The minimum compression size … between 0 and 10485760 (10M bytes)" (API reference, RestApi)
  "x-amazon-apigateway-minimum-compression-size": number(0, 10_485_760),
  "x-amazon-apigateway-policy": map,
  "x-amazon-apigateway-request-validator": text,
  "x-amazon-apigateway-request-validators": mapOf(
    members("request-validators.requestValidator", {
      validateRequestBody: flag,
      validateRequestParameters: flag,
    }),
  ),
  "x-amazon-apigateway-security-policy": text,
  "x-amazon-apigateway-tag-value": text,
};

/** Extensions of an operation. */
export const OPERATION_EXTENSIONS: Readonly<Record<string, Shape>> = {
  "x-amazon-apigateway-api-key-required": flag,
  "x-amazon-apigateway-auth": members("auth", { type: required(oneOf("NONE", "AWS_IAM")) }),
  "x-amazon-apigateway-integration": integration,
  "x-amazon-apigateway-request-validator": text,
};

/** Extensions of a security scheme. */
export const SCHEME_EXTENSIONS: Readonly<Record<string, Shape>> = {
  "x-amazon-apigateway-authorizer": authorizer,
  "x-amazon-apigateway-authtype": text,
};

/** What is wrong with a value, below it. */
export interface ShapeProblem {
  rule: "extension-key" | "extension-value" | "extension-member";
  path: string[];
  /** For a value: what it has to be; for a key: the known ones; for a missing member: its name */
  expected: string[];
}

export function* shapeProblems(value: unknown, shape: Shape, path: string[] = []): Generator<ShapeProblem> {
  const wanted = wantedInstead(value, shape);
  if (wanted !== undefined) {
    yield { rule: "extension-value", path, expected: [wanted] };
    return;
  }
  if (shape.kind === "map-of") {
    const { keys, of } = shape;
    for (const [key, inner] of Object.entries(value as object)) {
      if (keys && !keys.includes(key))
        yield { rule: "extension-key", path: [...path, key], expected: [...keys] };
      yield* shapeProblems(inner, of, [...path, key]);
    }
  }
  if (shape.kind !== "members") return;
  for (const [key, inner] of Object.entries(value as object)) {
    const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
    if (member) yield* shapeProblems(inner, member, [...path, key]);
    else if (!key.startsWith("x-")) {
      yield { rule: "extension-key", path: [...path, key], expected: Object.keys(shape.members) };
    }
  }
  for (const [key, member] of Object.entries(shape.members)) {
    if (member.required && !Object.hasOwn(value as object, key)) {
      yield { rule: "extension-member", path, expected: [key] };
    }
  }
}

/** What the value has to be, if it is not that. */
function wantedInstead(value: unknown, shape: Shape): string | undefined {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const scalar = typeof value === "object" || value === undefined ? undefined : String(value);
  switch (shape.kind) {
    case "any":
      return undefined;
    case "text":
      return scalar === undefined ? "a string" : undefined;
    // The import reads "true" and "false" as well: every export format of YAML and JSON has been seen with both.
    case "flag":
      return scalar === "true" || scalar === "false" ? undefined : "true or false";
    case "texts":
      return Array.isArray(value) && value.every((item) => typeof item === "string")
        ? undefined
        : "a list of strings";
    case "number": {
      const { min, max } = shape;
      const number = Number(scalar?.trim() || Number.NaN);
      return Number.isInteger(number) && number >= min && number <= max
        ? undefined
        : `a whole number from ${min} to ${max}`;
    }
    case "enum":
      return shape.values.some((one) => one.toLowerCase() === scalar?.toLowerCase())
        ? undefined
        : `one of ${shape.values.join(", ")}`;
    default:
      return isMap ? undefined : "a map";
  }
}
