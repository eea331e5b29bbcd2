import { SOURCES } from "../constraints";
import { error, fixed, info, warning } from "./rule";

const { notes, quotas, models, extension } = SOURCES;

/** The document, its paths and its operations. */
export const DOCUMENT_RULES = {
  "openapi-version": fixed.error(
    (version: string) => `The document is OpenAPI ${version}.`,
    "API Gateway imports OpenAPI 3.0 only (Invalid OpenAPI input).",
    "writes OpenAPI 3.0.1",
    notes,
  ),
  "definition-size": error(
    (megabytes: string) => `The document has ${megabytes} MB.`,
    "A definition can have 6 MB.",
    "Split the API, or leave out the models (`models: false`).",
    quotas,
  ),
  "resource-quota": error(
    (count: number, quota: number) => `The paths make ${count} resources; the quota is ${quota}.`,
    "An API can have 300 resources; every segment of a path counts, and so does /.",
    "Split the API, or have the quota raised and put it into the settings (`quotas.resources`).",
    quotas,
  ),
  "authorizer-quota": error(
    (count: number) => `There are ${count} authorizers.`,
    "An API can have 10 authorizers.",
    "Share authorizers between operations.",
    quotas,
  ),
  "base-path": info(
    (path: string) => `The server URL has the path ${path}.`,
    "The import ignores the path of the server URL (basepath=ignore).",
    "Set a base path in the service's settings if callers should see it.",
    SOURCES.basePath,
  ),
  "several-servers": info(
    (count: number) => `There are ${count} servers.`,
    "Only the first server counts.",
    undefined,
    SOURCES.basePath,
  ),
  webhooks: fixed.info(
    () => "The document has webhooks.",
    "API Gateway does not support webhooks.",
    "leaves them out",
  ),
  "root-security": fixed.info(
    () => "There is security at the root.",
    "AWS applies root security to every operation without its own (recorded July 2025; the guide says otherwise).",
    "writes it at each operation",
  ),
  "security-scheme-type": fixed.warning(
    (name: string, type: string) => `The security scheme "${name}" has the type ${type}.`,
    "API Gateway only enforces security schemes of type apiKey.",
    "replaces it with the gateway's authorizers; use access rules to choose the level",
    extension("authorizer"),
  ),
  "missing-security-scheme": error(
    (owner: string, name: string) => `${owner} requires "${name}", which is not declared.`,
    "The method has no valid authorizer (Invalid authorizer ID specified).",
    "Declare the scheme under components/securitySchemes, or correct its name.",
    SOURCES.putMethod,
  ),
  "unenforced-scopes": warning(
    (scopes: string, operations: string) => `The scopes ${scopes} are required by ${operations}.`,
    "API Gateway checks scopes with an authorizer of a Cognito user pool only; for any other scheme they have no effect.",
    "Write access rules, so that the operation has the level that its scopes mean.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html",
  ),
  "wrong-structure": error(
    (part: string, wanted: string, actual: string) => `"${part}" has to be ${wanted}, and ${actual}.`,
    "Invalid OpenAPI input.",
    "Fix it; otherwise this part of the spec is ignored.",
    "https://spec.openapis.org/oas/v3.0.4.html",
  ),
  "missing-reference": error(
    (ref: string) => `${ref} does not exist.`,
    "A reference without a target cannot be imported.",
    "Correct the reference, or add the target.",
  ),
  "path-start": error(
    (path: string) => `The path is "${path}".`,
    "A resource path starts with a slash.",
    "Add a / at the start.",
    SOURCES.createResource,
  ),
  "path-segment": error(
    (path: string, segment: string) => `${path} has the segment "${segment}".`,
    "Resource's path part only allow a-zA-Z0-9._-:, and curly braces at the beginning and the end.",
    "Change the path.",
    notes,
  ),
  "partial-variable": error(
    (path: string, segment: string) => `${path} has the segment "${segment}".`,
    "Resource's path part only allow curly braces at the beginning and the end; a path parameter must be a whole segment.",
    "Split the segment, or make all of it one parameter.",
    notes,
  ),
  "path-variable-name": fixed.error(
    (path: string, segment: string, name: string) =>
      `${path} has the path parameter ${segment}; {${name}} is allowed.`,
    "The name of a path parameter can only have letters, digits and . _ - :",
    "renames it",
    notes,
  ),
  "sibling-variable": fixed.error(
    (path: string, segment: string, other: string, otherPath: string) =>
      `${path} has ${segment} where ${otherPath} has ${other}.`,
    "A sibling of this resource already has a variable path part -- only one is allowed.",
    "gives the path parameters of one position one name, and maps it back for the backend",
    SOURCES.createResource,
  ),
  "sibling-greedy": error(
    (path: string, segment: string, other: string, otherPath: string) =>
      `${path} has ${segment} where ${otherPath} has ${other}.`,
    "A sibling of this resource already has a variable path part -- only one is allowed.",
    "Change one of the paths: a parent can have a variable or a greedy variable, not both.",
    SOURCES.createResource,
  ),
  "greedy-child": error(
    (path: string, greedy: string) => `${path} continues after ${greedy}.`,
    "Cannot create a child of a resource with a greedy path variable.",
    "Put the greedy variable last.",
    SOURCES.createResource,
  ),
  "duplicate-path": error(
    (first: string, second: string) => `${first} and ${second} are the same method of the same resource.`,
    "Path parameter names do not distinguish resources.",
    "Keep one of them.",
    SOURCES.createResource,
  ),
  "trailing-slash": fixed.info(
    (path: string) => `The path ${path} ends in a slash.`,
    "Resources have no trailing slash; requests with and without one reach the same resource.",
    "keeps the slash towards the backend",
    SOURCES.createResource,
  ),
  "reserved-path": warning(
    (path: string) => `The path is ${path}.`,
    "/ping and /sping are reserved for the service health check of API Gateway.",
    "Choose another path.",
    notes,
  ),
  "trace-method": fixed.error(
    (name: string) => `There is ${name}.`,
    "API Gateway has no TRACE method.",
    "leaves the operation out",
    SOURCES.putMethod,
  ),
  "http-method": fixed.error(
    (name: string) => `There is ${name}.`,
    "API Gateway has the methods GET, POST, PUT, DELETE, PATCH, HEAD and OPTIONS only.",
    "leaves the operation out",
    SOURCES.putMethod,
  ),
  "item-schema": fixed.warning(
    (type: string) => `The content type "${type}" has an itemSchema.`,
    "OpenAPI 3.0 has no schemas for the items of a stream.",
    "leaves it out",
    "https://spec.openapis.org/oas/v3.2.0.html#media-type-object",
  ),
  "empty-part": fixed.warning(
    (part: string) => `"${part}" has no value.`,
    "OpenAPI requires a map here.",
    "treats it as {}",
    "https://spec.openapis.org/oas/v3.0.4.html",
  ),
  "operation-id": fixed.warning(
    (first: string, second: string, id: string) => `${first} and ${second} have the operationId "${id}".`,
    "operationName should be unique; generated SDKs use it as the method name.",
    "keeps the first operationId only",
    SOURCES.putMethod,
  ),
  "parameter-name": fixed.error(
    (location: string, name: string) => `The ${location} parameter "${name}" cannot be declared.`,
    "Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$",
    "leaves the declaration out; the parameter still reaches the backend",
    "https://github.com/floci-io/floci/issues/3549",
  ),
  "parameter-unique": fixed.error(
    (owner: string, name: string, location: string, other: string) =>
      `${owner} has "${name}" in ${other} and in ${location}.`,
    "Parameter names must be unique across querystring, header and path.",
    "declares it once (a path parameter gets another name); both still reach the backend",
    SOURCES.putMethod,
  ),
  "cookie-parameter": fixed.warning(
    (name: string) => `The cookie parameter "${name}" cannot be declared.`,
    "API Gateway does not support cookie parameters.",
    "leaves the declaration out; the Cookie header still reaches the backend",
    notes,
  ),
  "parameter-place": fixed.error(
    (location: string, name: string) => `The parameter "${name}" is in "${location}".`,
    "A parameter is in path, query, header or cookie.",
    "leaves the declaration out",
    "https://spec.openapis.org/oas/v3.0.4.html#parameter-locations",
  ),
  "undeclared-variable": fixed.info(
    (owner: string, name: string) => `${owner} does not declare {${name}}.`,
    "The import declares the path parameter.",
    "declares it",
  ),
  "unused-path-parameter": fixed.warning(
    (owner: string, name: string) =>
      `${owner} declares the path parameter "${name}", which is not in the path.`,
    "The import ignores path parameters that the path does not have.",
    "leaves the declaration out",
  ),
  "parameter-attributes": fixed.info(
    (name: string, attributes: string) => `The parameter "${name}" has ${attributes}.`,
    "Of a parameter, only name, in, required, type and description are imported.",
    "leaves the rest out; the backend checks it",
    notes,
  ),
  "body-on-get": fixed.warning(
    (name: string) => `${name} has a request body.`,
    "API Gateway has no body model for GET and HEAD.",
    "leaves the body out",
  ),
  "missing-responses": fixed.warning(
    (name: string) => `${name} declares no responses.`,
    "The method has no method responses.",
    "adds the response 200",
  ),
  "response-range": fixed.warning(
    (name: string, status: string) => `${name} has the response "${status}".`,
    "A method response has one status code of three digits; ranges and `default` are not imported.",
    "writes a range as its first status code where that is free, and leaves out the rest",
    SOURCES.putMethod,
  ),
  "response-status": fixed.error(
    (name: string, status: string) => `${name} has the response "${status}".`,
    "Response status codes must match [1-5]\\d\\d.",
    "leaves the response out",
    SOURCES.putMethod,
  ),
  "media-type": fixed.warning(
    (type: string) => `The content type "${type}" gets no model.`,
    "A model belongs to one full content type (Invalid content type specified).",
    "leaves the content type out",
    models,
  ),
  callbacks: fixed.info(
    (name: string) => `${name} has callbacks.`,
    "API Gateway does not support callbacks.",
    "leaves them out",
  ),
  links: fixed.info(
    () => "The response has links.",
    "API Gateway does not support links.",
    "leaves them out",
  ),
};
