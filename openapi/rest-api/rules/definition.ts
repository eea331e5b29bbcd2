import { SOURCES } from "../constraints";
import { error, info, warning } from "./rule";

const { extension, mappings, putIntegration, cors } = SOURCES;
const integration = extension("integration");

/** Definitions: documents with integrations. */
export const DEFINITION_RULES = {
  "missing-integration": error(
    (name: string) => `${name} has no integration.`,
    "The deployment fails: No integration defined for method.",
    "Give the method an integration.",
    SOURCES.createDeployment,
  ),
  "integration-type": error(
    (name: string, type: string) => `${name} has the type "${type}".`,
    "The type has to be http, http_proxy, aws, aws_proxy or mock.",
    "Correct the type.",
    integration,
  ),
  "http-not-proxy": warning(
    (name: string) => `${name} has the type http.`,
    "An `http` integration only passes on what is mapped: without a mapping every response becomes a 200 without the backend's headers.",
    "Use http_proxy.",
    integration,
  ),
  "integration-method": error(
    (name: string) => `${name} has no httpMethod.`,
    "Enumeration value for HttpMethod must be non-empty.",
    "Add httpMethod to the integration.",
    putIntegration,
  ),
  "lambda-method": error(
    (name: string, method: string) => `${name} calls its function with ${method}.`,
    "It is imported, but every request fails with 500: Lambda functions are invoked with POST only.",
    "Use httpMethod POST.",
    putIntegration,
  ),
  "method-differs": warning(
    (name: string, method: string) => `${name} calls the backend with ${method}.`,
    "The backend receives another method than the caller's.",
    "Use the same method, unless the backend needs the other.",
  ),
  "connection-id": error(
    (name: string) => `${name} has no connectionId.`,
    "A VPC_LINK integration needs the ID of a VPC link.",
    "Add connectionId: ${stageVariables.VPCLINK}.",
    integration,
  ),
  "connection-type": warning(
    (name: string) => `${name} has no connectionType VPC_LINK.`,
    "Without connectionType VPC_LINK the request uses the internet and never reaches a private backend.",
    "Add connectionType: VPC_LINK.",
    integration,
  ),
  "stage-variable": error(
    (name: string, variable: string) => `${name} uses the stage variable "${variable}".`,
    "The variable is empty at run time, so every request fails with 500.",
    "Use VPCLINK and VPCNLB, or correct the name.",
  ),
  "integration-uri": error(
    (name: string, uri: string) => `${name} has the uri ${uri}.`,
    "Invalid HTTP endpoint specified for URI, or Invalid ARN specified in the request.",
    "Use the full URL, or the invocation ARN.",
    putIntegration,
  ),
  "uri-path": warning(
    (name: string, path: string) => `${name} calls ${path}.`,
    "The backend receives another path than the one that was requested.",
    "Correct the uri, or keep it as a backend path if the backend needs it.",
  ),
  "options-uri-path": warning(
    (name: string, path: string) => `${name} calls ${path}.`,
    "The preflight asks about another path than the request that follows it.",
    "Give OPTIONS the path of its resource.",
  ),
  "unmapped-variable": error(
    (name: string, variable: string) => `${name} does not map {${variable}}.`,
    "The backend receives the braces literally.",
    "Add the mapping integration.request.path.NAME: method.request.path.NAME.",
    mappings,
  ),
  "unused-mapping": warning(
    (name: string, variable: string) => `${name} maps {${variable}}, which its uri does not have.`,
    "The value is not used.",
    "Remove the mapping, or put the variable into the uri.",
    mappings,
  ),
  "crossed-mapping": warning(
    (name: string, variable: string, from: string) => `${name} maps {${variable}} to the value of {${from}}.`,
    "The backend receives the value of another path parameter.",
    "Map each path parameter to its own name.",
  ),
  "mapping-source": error(
    (name: string, source: string) => `${name} maps from ${source}.`,
    "Invalid mapping expression parameter specified.",
    "Declare the parameter, or correct the name.",
    mappings,
  ),
  "mapping-target": error(
    (name: string, target: string) => `${name} maps to ${target}.`,
    "Invalid mapping expression specified: a target is integration.request.path, querystring or header with a name.",
    "Correct the target.",
    mappings,
  ),
  "mapping-format": warning(
    (name: string, target: string, value: string) => `${name} maps ${target} to ${value}.`,
    "Invalid format for 'requestParameters': expected type string; the mapping is ignored.",
    "Write the mapping as a string.",
    mappings,
  ),
  "response-mapping": error(
    (name: string, target: string, status: string) => `${name} maps ${target} for the status ${status}.`,
    "Invalid mapping expression parameter specified: the response does not declare the header.",
    "Declare the header in the method response.",
    mappings,
  ),
  "integration-status": error(
    (name: string, status: string) => `${name} has the integration response status ${status}.`,
    "Invalid status code specified: status codes must match [1-5]\\d\\d.",
    "Correct statusCode.",
    extension("integration-response"),
  ),
  "template-content-type": error(
    (name: string, type: string) => `${name} has a template for "${type}".`,
    "Invalid content type specified: the key of a mapping template is a content type.",
    "Correct the key.",
    extension("requestTemplates"),
  ),
  "proxy-response-mapping": info(
    (name: string, mapped: string) => `${name} is a proxy integration and maps ${mapped}.`,
    "Proxy integrations store response mappings but do not use them.",
    "Remove it.",
    integration,
  ),
  "timeout-range": error(
    (name: string, timeout: string) => `${name} has the timeout ${timeout}.`,
    "Timeout should be between 50 ms and 29000 ms.",
    "Correct it.",
    SOURCES.quotas,
  ),
  "timeout-quota": info(
    (name: string, timeout: number) => `${name} has the timeout ${timeout} ms.`,
    "More than 29 seconds need a raised quota, and a regional or private API.",
    "Check the quota of every account in which the API is deployed.",
    SOURCES.quotas,
  ),
  "options-authorizer": error(
    (name: string, schemes: string) => `${name} requires ${schemes}.`,
    "A browser's preflight has no Authorization header, so it is refused.",
    "Remove the authorizer from OPTIONS.",
    cors,
  ),
  "missing-options": warning(
    (path: string) => `${path} has no OPTIONS.`,
    "The backend does not get to answer a browser's preflight.",
    "Add OPTIONS without an authorizer.",
    cors,
  ),
  "missing-catch-all": warning(
    () => "No path has ANY on a greedy variable.",
    "Undefined paths are answered with 403 Missing Authentication Token.",
    "Add ANY on / and on /{proxy+}.",
    SOURCES.gatewayResponses,
  ),
  "authorizer-definition": error(
    (name: string, missing: string) => `The authorizer "${name}" has no ${missing}.`,
    "The authorizer lacks what its type requires.",
    "Add authorizerUri, or providerARNs for Cognito.",
    extension("authorizer"),
  ),
  "public-write": warning(
    (name: string) => `${name} has no authorizer.`,
    "Anyone can call it, while other methods of the API require a login.",
    "Give it an access level, unless it only reads.",
  ),
  "weak-write": warning(
    (name: string, schemes: string) => `${name} only requires ${schemes}.`,
    "It changes data with the access level of the API's reads, while its other writes require more.",
    "Check the access level.",
  ),
  "gateway-response-quotes": warning(
    (type: string) => `The template of ${type} has "$context.error.message" in quotes.`,
    "API Gateway inserts the message unescaped: a quote in it breaks the JSON.",
    "Use $context.error.messageString without quotes around it.",
    extension("gateway-responses.responseTemplates"),
  ),
  "extension-name": warning(
    (owner: string, name: string, meant: string) => `${owner} has the unknown extension ${name}${meant}`,
    "The import ignores extensions that it does not know.",
    "Correct the name, or remove it.",
    SOURCES.extensions,
  ),
  "extension-key": warning(
    (owner: string, name: string, meant: string) => `${owner} has the unknown key ${name}${meant}`,
    "The import ignores keys that it does not know.",
    "Correct the key, or remove it.",
    SOURCES.extensions,
  ),
  "extension-value": error(
    (owner: string, name: string, value: string, wanted: string) =>
      `${owner} has ${name}: ${value}; it has to be ${wanted}.`,
    "Invalid OpenAPI input, or an enumeration value that is not allowed.",
    "Correct the value.",
    SOURCES.extensions,
  ),
  "extension-member": error(
    (owner: string, name: string, member: string) => `${owner} has ${name} without ${member}.`,
    "The member is required.",
    "Add it.",
    SOURCES.extensions,
  ),
  "missing-validator": error(
    (owner: string, name: string) => `${owner} has the request validator "${name}", which is not defined.`,
    "A request validator is one of x-amazon-apigateway-request-validators (Invalid Request Validator identifier specified).",
    "Define it, or correct the name.",
    extension("request-validator"),
  ),
  "cloudformation-function": error(
    (owner: string, name: string, fn: string) => `${owner} has ${name} with ${fn}.`,
    "An import does not resolve functions of CloudFormation; only CloudFormation and SAM do (malformed integration, localstack/localstack#4619).",
    "Write the value out, or use ${AWS::Region}, ${AWS::AccountId} and stage variables.",
    integration,
  ),
  "authorizer-scheme": error(
    (name: string, type: string) => `The authorizer "${name}" is on a security scheme of type ${type}.`,
    "The security scheme of an authorizer has to be of type apiKey; the authorizer is not created.",
    "Write type: apiKey, name: Authorization, in: header.",
    extension("authorizer"),
  ),
  "authorizer-uri": error(
    (name: string, uri: string) => `The authorizer "${name}" has the authorizerUri ${uri}.`,
    "authorizerUri is an invocation ARN: arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations.",
    "Use the invocation ARN of the function.",
    extension("authorizer"),
  ),
  "missing-authorizer": error(
    (name: string, type: string) =>
      `The security scheme "${name}" has the authtype ${type} and no authorizer.`,
    "The authorizer cannot be created, and methods that require it lose their security (awslabs/aws-apigateway-importer#187).",
    "Add x-amazon-apigateway-authorizer.",
    extension("authtype"),
  ),
  "several-authorizers": warning(
    (name: string, schemes: string) => `${name} requires the authorizers ${schemes} together.`,
    "A method has one authorizer; the others are ignored.",
    "Keep one authorizer, beside an API key if needed.",
    SOURCES.putMethod,
  ),
  "http-api": error(
    (mark: string) => `This is an HTTP API (v2): it has ${mark}.`,
    "Only REST APIs are read here; the two import different extensions.",
    "Export a REST API, or convert it: REST has no $default route, no JWT authorizer and no payload format 2.0.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html",
  ),
};
