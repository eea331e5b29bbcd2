import { createHash } from "node:crypto";
import { asArray, asObject, isObject, type JsonObject } from "../../../lib/json";
import { METHODS } from "../../../openapi/rest-api/constraints";
import { GATEWAY_RESPONSE_TYPES, type GatewayResponseType } from "../errors";
import type { GatewayResponse, Method, PolicyDocument, RequestParameter, RestApi } from "../model";
import { type Authorizers, authorizationOf, readAuthorizers } from "./authorizers";
import { asNumber, asText, resolveRef, substituteAws } from "./document";
import { readIntegration } from "./integration";
import { checkModels, modelSchema } from "./models";
import { checkResources } from "./resources";

/** What AWS's import would refuse, in AWS's form: one problem per line. */
export class ImportError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Errors found during import:${problems.map((problem) => `\n\t${problem}`).join("")}`);
    this.name = "ImportError";
  }
}

export interface ImportScope {
  region: string;
  accountId: string;
  partition: string;
}

const ANY = "x-amazon-apigateway-any-method";

/** What one import collects. */
interface Import {
  document: JsonObject;
  authorizers: Authorizers;
  /** What makes the definition impossible to serve */
  problems: Set<string>;
  /** What AWS's import refuses although the meaning is clear: served, and named at start */
  refusedByAws: string[];
}

/**
 * The REST API that an import makes of an OpenAPI 3.0 or Swagger 2.0 document with API Gateway extensions. What AWS
 * refuses although the meaning is clear (a mapping from an undeclared header, a model's name, an operation without an
 * integration) is served, and listed in `refusedByAws`: definitions are checked by `npm run spec -- check`.
 * @throws ImportError listing everything that AWS would refuse, when something cannot be served.
 */
export function importDefinition(definition: unknown, scope: ImportScope): RestApi {
  if (!isObject(definition) || (!definition.openapi && !definition.swagger)) {
    throw new ImportError(["Invalid OpenAPI input."]);
  }
  const document = substituteAws(definition, scope);
  const imported: Import = {
    document,
    authorizers: readAuthorizers(document),
    problems: new Set(),
    refusedByAws: [],
  };
  const { problems, refusedByAws } = imported;
  checkModels(document, (problem) => refusedByAws.push(problem));
  checkResources(Object.keys(asObject(document.paths)), (problem) => problems.add(problem));
  const methods = readMethods(imported);
  if (problems.size > 0) {
    const sign = httpApiSign(document);
    const note =
      sign === undefined ? [] : [`This is a definition of an HTTP API (${sign}); REST APIs are served here`];
    throw new ImportError([...note, ...problems, ...refusedByAws]);
  }
  return {
    name: asText(asObject(document.info).title) ?? "",
    binaryMediaTypes: asArray(document["x-amazon-apigateway-binary-media-types"]).map(String),
    minimumCompressionSize: asNumber(document["x-amazon-apigateway-minimum-compression-size"]),
    apiKeySource: document["x-amazon-apigateway-api-key-source"] === "AUTHORIZER" ? "AUTHORIZER" : "HEADER",
    gatewayResponses: readGatewayResponses(document),
    methods,
    refusedByAws,
    policy: isObject(document["x-amazon-apigateway-policy"])
      ? (document["x-amazon-apigateway-policy"] as unknown as PolicyDocument)
      : undefined,
  };
}

/** A key that only exports of HTTP APIs have. */
function httpApiSign(document: JsonObject): string | undefined {
  const keys = ["x-amazon-apigateway-cors", "x-amazon-apigateway-importexport-version"];
  if (JSON.stringify(document).includes('"payloadFormatVersion"')) return "payloadFormatVersion";
  return keys.find((key) => Object.hasOwn(document, key));
}

function readMethods(imported: Import): Method[] {
  const keys = [...METHODS.map((method) => method.toLowerCase()), ANY];
  return Object.entries(asObject(imported.document.paths)).flatMap(([path, value]) => {
    const item = asObject(resolveRef(imported.document, value));
    return keys.filter((key) => isObject(item[key])).map((key) => readMethod(imported, path, key, item));
  });
}

function readMethod(imported: Import, path: string, key: string, item: JsonObject): Method {
  const { document, authorizers, problems, refusedByAws } = imported;
  const operation = asObject(item[key]);
  const httpMethod = key === ANY ? "ANY" : key.toUpperCase();
  const where = `'${httpMethod}' for resource at path '${path}'`;
  const declared = [...asArray(item.parameters), ...asArray(operation.parameters)].map((value) =>
    asObject(resolveRef(document, value)),
  );
  const parameters = readParameters(path, declared);
  const names = new Set<string>();
  for (const parameter of parameters) {
    if (names.has(parameter.name)) {
      problems.add(
        `Unable to put method ${where}: Parameter names must be unique across querystring, header and path`,
      );
    }
    names.add(parameter.name);
  }
  const validators = asObject(document["x-amazon-apigateway-request-validators"]);
  const validator = asObject(
    validators[
      asText(operation["x-amazon-apigateway-request-validator"]) ??
        asText(document["x-amazon-apigateway-request-validator"]) ??
        ""
    ],
  );
  return {
    path,
    httpMethod,
    resourceId: resourceId(path),
    operationName: asText(operation.operationId),
    ...authorizationOf(document, operation, authorizers),
    parameters,
    models: readModels(document, operation, declared),
    validateBody: validator.validateRequestBody === true,
    validateParameters: validator.validateRequestParameters === true,
    integration: readIntegration(document, {
      where,
      operation,
      parameters,
      refuse: (problem) => problems.add(problem),
      note: (problem) => refusedByAws.push(problem),
    }),
  };
}

/** Only name, location and `required` of a parameter are imported; path parameters need not be declared. */
function readParameters(path: string, declared: JsonObject[]): RequestParameter[] {
  const locations: Record<string, RequestParameter["location"]> = {
    path: "path",
    query: "querystring",
    header: "header",
  };
  const byKey = new Map<string, RequestParameter>();
  for (const parameter of declared) {
    const location = locations[asText(parameter.in) ?? ""];
    const name = asText(parameter.name);
    if (!location || !name) continue;
    byKey.set(`${location}.${name}`, {
      location,
      name,
      required: location === "path" || parameter.required === true,
    });
  }
  for (const [, name] of path.matchAll(/\{([^}+]+)\+?\}/g)) {
    if (!name || byKey.has(`path.${name}`)) continue;
    byKey.set(`path.${name}`, { location: "path", name, required: true });
  }
  return [...byKey.values()];
}

function readModels(
  document: JsonObject,
  operation: JsonObject,
  declared: JsonObject[],
): Map<string, unknown> {
  const models = new Map<string, unknown>();
  const body = asObject(resolveRef(document, operation.requestBody));
  for (const [contentType, media] of Object.entries(asObject(body.content))) {
    const schema = asObject(media).schema;
    if (schema !== undefined) models.set(contentType, modelSchema(document, schema));
  }
  // Swagger 2.0: one body parameter, for every content type of `consumes`.
  const parameter = declared.find((value) => value.in === "body");
  if (parameter?.schema !== undefined) {
    const consumes = asArray(operation.consumes ?? document.consumes).map(String);
    for (const contentType of consumes.length > 0 ? consumes : ["application/json"]) {
      models.set(contentType, modelSchema(document, parameter.schema));
    }
  }
  return models;
}

function readGatewayResponses(document: JsonObject): Map<GatewayResponseType, GatewayResponse> {
  const responses = new Map<GatewayResponseType, GatewayResponse>();
  const declared = asObject(document["x-amazon-apigateway-gateway-responses"]);
  for (const type of GATEWAY_RESPONSE_TYPES) {
    if (!isObject(declared[type])) continue;
    const response = declared[type];
    responses.set(type, {
      status: asNumber(response.statusCode),
      headers: Object.entries(asObject(response.responseParameters)).flatMap(([target, source]) =>
        target.startsWith("gatewayresponse.header.") && typeof source === "string"
          ? [[target.slice("gatewayresponse.header.".length), source] as [string, string]]
          : [],
      ),
      templates: new Map(
        Object.entries(asObject(response.responseTemplates)).flatMap(([type, template]) => {
          const text = asText(template);
          return text === undefined ? [] : [[type, text] as [string, string]];
        }),
      ),
    });
  }
  return responses;
}

/** Six letters or digits, as AWS gives, and the same on every load. */
function resourceId(path: string): string {
  const number = BigInt(`0x${createHash("sha256").update(path).digest("hex").slice(0, 12)}`);
  return number.toString(36).padStart(6, "0").slice(0, 6);
}
