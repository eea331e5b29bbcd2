import type { Severity } from "../../lib/finding";

export interface Rule {
  level: Severity;
  /** What AWS does, or says */
  aws: string;
  /** What to do about it */
  todo: string;
  /** `compile` mends it */
  autofix?: true;
}

const error = (aws: string, todo: string): Rule => ({ level: "error", aws, todo });
const warning = (aws: string, todo: string): Rule => ({ level: "warning", aws, todo });
const info = (aws: string, todo: string): Rule => ({ level: "info", aws, todo });
const autofix = (rule: Rule): Rule => ({ ...rule, autofix: true });

/**
 * Every rule of `check`: a level, what AWS does, what to do. Sources: the developer guide's important notes and quotas,
 * recorded imports, and error texts that users quote; docs/specs.md has the table.
 */
export const RULES = {
  // The document
  "openapi-version": autofix(
    error(
      "API Gateway imports OpenAPI 3.0 only (Invalid OpenAPI input).",
      "Write 3.0, or let compile do it.",
    ),
  ),
  "definition-size": error(
    "A definition may have 6 MB.",
    "Split the API, or leave the models out (`models: false`).",
  ),
  "resource-quota": error(
    "An API may have 300 resources; every part of a path counts, and so does /.",
    "Split the API, or have the quota raised and write it into the settings (`quotas`).",
  ),
  "authorizer-quota": error("An API may have 10 authorizers.", "Share authorizers between operations."),
  "base-path": info(
    "The import leaves the path of the server's URL out (basepath=ignore).",
    "Give the service a base path in the settings if callers should see it.",
  ),
  "several-servers": info(
    "Only the first server counts.",
    "Nothing, if the others are the same API elsewhere.",
  ),
  webhooks: autofix(info("API Gateway has no webhooks; they are left out.", "Nothing.")),
  "root-security": autofix(
    info(
      "AWS applies root security to every operation without its own.",
      "Write access rules where operations differ.",
    ),
  ),
  "security-scheme-type": autofix(
    warning(
      "A security scheme has to be of type apiKey; others are not enforced.",
      "Write access rules; the gateway's own authorizers take the place of the scheme.",
    ),
  ),
  "missing-security-scheme": error(
    "The method has no valid authorizer (Invalid authorizer ID specified).",
    "Declare the scheme under components/securitySchemes, or correct its name.",
  ),
  "wrong-structure": error("Invalid OpenAPI input.", "Correct it; what it should say is lost otherwise."),
  "missing-reference": error(
    "Nothing can be imported for a reference that leads nowhere.",
    "Correct the reference, or add what it names.",
  ),
  // Paths
  "path-start": error("A resource path begins with a slash.", "Put a / before it."),
  "path-segment": error(
    "Resource's path part only allow a-zA-Z0-9._-:, and curly braces at the beginning and the end.",
    "Change the path.",
  ),
  "partial-variable": error(
    "Resource's path part only allow curly braces at the beginning and the end; a variable has to be a whole segment.",
    "Split the segment, or take all of it as one variable.",
  ),
  "path-variable-name": autofix(
    error("A variable's name may have letters, digits and . _ - only.", "Rename the variable."),
  ),
  "sibling-variable": autofix(
    error(
      "A sibling of this resource already has a variable path part -- only one is allowed.",
      "Give the variables of one position one name.",
    ),
  ),
  "sibling-greedy": error(
    "A sibling of this resource already has a variable path part -- only one is allowed.",
    "Change one of the paths: a variable and a greedy variable can't share a parent.",
  ),
  "greedy-child": error(
    "Cannot create a child of a resource with a greedy path variable.",
    "Put the greedy variable last.",
  ),
  "duplicate-path": error("The two are one method of one resource.", "Keep one of them."),
  "trailing-slash": autofix(
    info(
      "The resource has no trailing slash; requests with one reach it all the same.",
      "Nothing; compile keeps the slash towards the backend.",
    ),
  ),
  "reserved-path": warning(
    "/ping and /sping are reserved for API Gateway's own health check behind a custom domain.",
    "Choose another path.",
  ),
  // Operations
  "trace-method": autofix(
    error("API Gateway has no TRACE method.", "Remove the operation; compile leaves it out."),
  ),
  "operation-id": autofix(
    warning("operationName should be unique; generated clients depend on it.", "Rename one."),
  ),
  "parameter-name": autofix(
    error(
      "Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$",
      "Nothing, if it is enough that the parameter reaches the backend: compile leaves the declaration out.",
    ),
  ),
  "parameter-unique": autofix(
    error(
      "Parameter names must be unique across querystring, header and path.",
      "Rename a path variable, or let compile do it.",
    ),
  ),
  "cookie-parameter": autofix(
    warning(
      "API Gateway knows no cookie parameters; it is left out.",
      "Nothing: the Cookie header reaches the backend.",
    ),
  ),
  "parameter-place": autofix(error("A parameter is in path, query, header or cookie.", "Correct `in`.")),
  "undeclared-variable": autofix(
    info("The import declares the path parameter by itself.", "Declare it, for the readers of the spec."),
  ),
  "unused-path-parameter": autofix(
    warning("A path parameter that the path does not have is left out.", "Remove it, or correct its name."),
  ),
  "parameter-attributes": autofix(
    info(
      "Of a parameter only name, in, required, type and description count; the rest is left out.",
      "Nothing: the backend checks it.",
    ),
  ),
  "body-on-get": autofix(
    warning("API Gateway takes no body model for GET and HEAD.", "Send what it holds as query parameters."),
  ),
  "missing-responses": autofix(
    warning("The method has no method responses.", "Declare at least one response."),
  ),
  "response-range": autofix(
    warning(
      "A method response has one status of three digits; ranges and `default` are left out.",
      "Write the statuses out, or let compile do it.",
    ),
  ),
  "response-status": error("Response status codes match [1-5]\\d\\d.", "Correct the status."),
  "media-type": autofix(
    warning(
      "A model belongs to one full content type; a range is refused (Invalid content type specified).",
      "Name the types.",
    ),
  ),
  callbacks: autofix(info("API Gateway has no callbacks; they are left out.", "Nothing.")),
  links: autofix(info("API Gateway has no links; they are left out.", "Nothing.")),
  // Schemas
  "model-name": autofix(
    error("Model name must be alphanumeric.", "Rename the schema, or let compile do it."),
  ),
  "empty-model": autofix(
    error(
      "Model schema must have at least 1 property or array items defined.",
      "Say what the schema holds; compile makes no model of it.",
    ),
  ),
  "reference-place": autofix(
    error(
      "A model can refer to models only (Invalid model specified).",
      "Move the schema to components/schemas, or let compile do it.",
    ),
  ),
  "schema-boolean": autofix(warning("Draft 4 has no true or false for a schema.", "Write {} or {not: {}}.")),
  "schema-type": autofix(warning("Not a type of JSON Schema draft 4; it is left out.", "Correct the type.")),
  "type-array": autofix(
    error("OpenAPI 3.0 takes one type, not a list.", "Write one type, or let compile do it."),
  ),
  nullable: autofix(
    warning(
      "Models have no null: with body validation AWS would refuse null.",
      "Nothing: compile lets null pass.",
    ),
  ),
  "exclusive-bound": autofix(
    warning(
      "Models take no exclusiveMinimum and exclusiveMaximum.",
      "Nothing: the backend checks the bound.",
    ),
  ),
  discriminator: autofix(
    warning("Not supported in any schema; it is left out.", "Nothing: oneOf and anyOf stay."),
  ),
  "schema-keyword": autofix(
    warning(
      "Models (JSON Schema draft 4) don't take it; it is not checked.",
      "Nothing, if it is enough that the backend checks it.",
    ),
  ),
  "schema-note": autofix(info("Left out of the model.", "Nothing.")),
  "number-format": autofix(info("Models take no number formats; it is left out.", "Nothing.")),
  // Definitions: integrations
  "missing-integration": error(
    "The deployment fails: No integration defined for method.",
    "Give the method an integration.",
  ),
  "integration-type": error(
    "The type has to be http, http_proxy, aws, aws_proxy or mock.",
    "Correct the type.",
  ),
  "http-not-proxy": warning(
    "Type `http` passes nothing on by itself: every answer without a mapping becomes a 200 without the backend's headers.",
    "Write http_proxy.",
  ),
  "integration-method": error(
    "Enumeration value for HttpMethod must be non-empty.",
    "Add httpMethod to the integration.",
  ),
  "lambda-method": error(
    "The import takes it, every request then fails with 500: Lambda is called with POST only.",
    "Write httpMethod POST.",
  ),
  "method-differs": warning(
    "The backend gets another method than the caller's.",
    "Write the same method, unless the backend wants it so.",
  ),
  "connection-id": error(
    "A VPC_LINK integration needs the id of a VPC link.",
    "Add connectionId: ${stageVariables.VPCLINK}.",
  ),
  "connection-type": warning(
    "Without connectionType VPC_LINK the request goes over the internet and never reaches a private backend.",
    "Add connectionType: VPC_LINK.",
  ),
  "stage-variable": error(
    "The variable is empty at run time, so the request fails with 500.",
    "Use VPCLINK and VPCNLB, or correct the name.",
  ),
  "integration-uri": error(
    "Invalid HTTP endpoint specified for URI, or Invalid ARN specified in the request.",
    "Give the full URL, or the invocation ARN.",
  ),
  "uri-path": warning(
    "The request goes to another path than the one that was called.",
    "Correct the uri, or keep it as a backend path if the backend wants it so.",
  ),
  "options-uri-path": warning(
    "A preflight asks another path than the request that follows it.",
    "Give OPTIONS the path of its resource.",
  ),
  "unmapped-variable": error(
    "The backend gets the braces as they stand.",
    "Add the mapping integration.request.path.NAME: method.request.path.NAME.",
  ),
  "unused-mapping": warning(
    "The value goes nowhere: the uri has no such variable.",
    "Remove the mapping, or put the variable into the uri.",
  ),
  "crossed-mapping": warning(
    "The backend gets the value of another variable.",
    "Map each variable to its own name.",
  ),
  "mapping-source": error(
    "Invalid mapping expression parameter specified.",
    "Declare the parameter, or correct the name.",
  ),
  "mapping-format": warning(
    "Invalid format for 'requestParameters': expected type string; the mapping is left out.",
    "Write the mapping as a text.",
  ),
  "response-mapping": error(
    "Invalid mapping expression parameter specified: the response does not declare the header.",
    "Declare the header in the method's response.",
  ),
  "proxy-response-mapping": info("Stored, but a proxy integration does not use it.", "Remove it."),
  "timeout-range": error("Timeout should be between 50 ms and 29000 ms.", "Correct it."),
  "timeout-quota": info(
    "More than 29 seconds need the account's raised quota, and a regional or private API.",
    "Check the quota of every account that the API runs in.",
  ),
  "options-authorizer": error(
    "A browser's preflight carries no Authorization header, so it is refused.",
    "Take the authorizer off OPTIONS.",
  ),
  "missing-options": warning(
    "A preflight of a browser is not answered by the backend.",
    "Add OPTIONS without an authorizer.",
  ),
  "missing-catch-all": warning(
    "Undefined paths are answered with 403 Missing Authentication Token.",
    "Add ANY on / and on /{proxy+}.",
  ),
  "authorizer-definition": error(
    "The authorizer lacks what its type needs.",
    "Add authorizerUri, or providerARNs for Cognito.",
  ),
  "public-write": warning(
    "Everyone may call it, while other methods of the API need a login.",
    "Give it an access level, unless it only reads.",
  ),
  "weak-write": warning(
    "It changes data with the access that the API's reads have, while its other writes need more.",
    "Check the access level.",
  ),
  "gateway-response-quotes": warning(
    "API Gateway puts the text in as it is: a quote in it breaks the JSON.",
    "Write $context.error.messageString without quotes around it.",
  ),
} satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;
