/** What API Gateway accepts when it imports a REST API: each pattern and quota once, with its source. */

const GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide";
const REFERENCE = "https://docs.aws.amazon.com/apigateway/latest/api";

/** Pages that the rules quote. */
export const SOURCES = {
  /** Important notes for REST APIs */
  notes: `${GUIDE}/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis`,
  quotas: `${GUIDE}/api-gateway-execution-service-limits-table.html`,
  import: `${GUIDE}/import-export-api-endpoints.html`,
  basePath: `${GUIDE}/api-gateway-import-api-basePath.html`,
  models: `${GUIDE}/models-mappings-models.html`,
  mappings: `${GUIDE}/rest-api-parameter-mapping.html`,
  putMethod: `${REFERENCE}/API_PutMethod.html`,
  putIntegration: `${REFERENCE}/API_PutIntegration.html`,
  createResource: `${REFERENCE}/API_CreateResource.html`,
  createDeployment: `${REFERENCE}/API_CreateDeployment.html`,
  draft4: "https://json-schema.org/draft-04/draft-fge-json-schema-validation-00",
  cors: `${GUIDE}/how-to-cors.html`,
  gatewayResponses: `${GUIDE}/api-gateway-gatewayResponse-definition.html`,
  extensions: `${GUIDE}/api-gateway-swagger-extensions.html`,
  /** The page of one x-amazon-apigateway-* extension */
  extension: (name: string) => `${GUIDE}/api-gateway-swagger-extensions-${name}.html`,
};

/**
 * A literal path segment. "Path segments can only contain alphanumeric characters, underscores, hyphens, periods,
 * commas, colons, and curly braces. Path parameters must be separate path segments." (SOURCES.notes)
 */
export const LITERAL_SEGMENT = /^[A-Za-z0-9._\-,:]+$/;

/**
 * A variable segment: what CreateResource accepts ("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy
 * path variable and curly braces at the beginning and the end") and `method.request.path.NAME` can carry: no comma
 * and no dollar sign.
 */
export const VARIABLE_SEGMENT = /^\{([A-Za-z0-9._\-:]+)(\+)?\}$/;

export const PATH_PART_REFUSED =
  "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.";

/** "Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$" (floci-io/floci#3549) */
export const PARAMETER_NAME = /^[a-zA-Z0-9:._$-]+$/;

/** The types that a parameter can have */
export const PARAMETER_TYPES: ReadonlySet<unknown> = new Set(["string", "integer", "number", "boolean"]);

/** "Model names can only contain alphanumeric characters" (SOURCES.notes) */
export const MODEL_NAME = /^[A-Za-z0-9]+$/;

/** A model belongs to one full content type. Recorded: "Invalid content type specified: 123" */
export const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/;

/** "The status code … must match [1-5]\d\d" (API reference, IntegrationResponse and MethodResponse) */
export const STATUS_CODE = /^[1-5]\d\d$/;

/** The methods that a resource can have; ANY means the ones that it does not define. */
export const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] as const;

export const INTEGRATION_TYPES: ReadonlySet<string> = new Set([
  "http",
  "http_proxy",
  "aws",
  "aws_proxy",
  "mock",
]);
