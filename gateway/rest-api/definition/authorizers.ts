import { asArray, asObject, isObject, type JsonObject } from "../../../lib/json";
import { restApi } from "../../../lib/quotas";
import type { Authorization, LambdaAuthorizer, TokenAuthorizer } from "../model";
import { asNumber, asText } from "./document";

/** What a security scheme means to API Gateway. */
export type Scheme =
  | { kind: "lambda"; authorizer: LambdaAuthorizer }
  | { kind: "tokens"; authorizer: TokenAuthorizer }
  | { kind: "iam" }
  | { kind: "apiKey" };

export type Authorizers = Map<string, Scheme>;

/** "authorizerResultTtlInSeconds … The default value is 300"; at most 3600 (API reference, Authorizer). */
const TTL_SECONDS = restApi.cacheTtlSeconds;

export function readAuthorizers(document: JsonObject): Authorizers {
  const declared = asObject(document.securityDefinitions ?? asObject(document.components).securitySchemes);
  const schemes: Authorizers = new Map();
  for (const [name, value] of Object.entries(declared)) {
    const scheme = asObject(value);
    const read = readScheme(name, scheme);
    if (read) schemes.set(name, read);
  }
  return schemes;
}

function readScheme(name: string, scheme: JsonObject): Scheme | undefined {
  const extension = scheme["x-amazon-apigateway-authorizer"];
  const authType = asText(scheme["x-amazon-apigateway-authtype"])?.toLowerCase();
  if (!isObject(extension)) {
    if (authType === "awssigv4") return { kind: "iam" };
    return scheme.type === "apiKey" ? { kind: "apiKey" } : undefined;
  }
  const header = `method.request.header.${asText(scheme.name) ?? "Authorization"}`;
  const uri = asText(extension.authorizerUri);
  const type = asText(extension.type)?.toLowerCase() ?? (uri ? "token" : undefined);
  const identitySources = (asText(extension.identitySource) ?? "")
    .split(",")
    .map((source) => source.trim())
    .filter((source) => source !== "");
  const identityValidation = asText(extension.identityValidationExpression);
  if (type === "token" || type === "request") {
    return {
      kind: "lambda",
      authorizer: {
        name,
        type: type === "token" ? "TOKEN" : "REQUEST",
        uri: uri ?? "",
        identitySources: type === "token" && identitySources.length === 0 ? [header] : identitySources,
        identityValidation,
        ttlSeconds: Math.min(
          asNumber(extension.authorizerResultTtlInSeconds) ?? TTL_SECONDS.default,
          TTL_SECONDS.max,
        ),
      },
    };
  }
  const jwt = asObject(extension.jwtConfiguration);
  return {
    kind: "tokens",
    authorizer: {
      name,
      identitySource: identitySources[0]?.replace(/^\$request\.header\./, "method.request.header.") ?? header,
      identityValidation,
      providerArns: asArray(extension.providerARNs ?? extension.providerArns).map(String),
      issuer: asText(jwt.issuer),
      audience: Array.isArray(jwt.audience) ? jwt.audience.map(String) : undefined,
    },
  };
}

/**
 * The `security` of an operation replaces that of the root, which applies otherwise (recorded on import, July 2025).
 * A scheme without an authorizer requires an API key; both can be named together. Schemes of other kinds, and names
 * without a scheme, are `ignored`: "OAuth 2 and basic" need an authorizer (guide: x-amazon-apigateway-authorizer).
 */
export function authorizationOf(
  document: JsonObject,
  operation: JsonObject,
  authorizers: Authorizers,
): { authorization: Authorization; apiKeyRequired: boolean; ignored: string[] } {
  const direct = asText(asObject(operation["x-amazon-apigateway-auth"]).type)?.toUpperCase();
  let authorization: Authorization | undefined = direct === "AWS_IAM" ? { type: "AWS_IAM" } : undefined;
  let apiKeyRequired = operation["x-amazon-apigateway-api-key-required"] === true;
  const ignored: string[] = [];
  for (const requirement of asArray(operation.security ?? document.security)) {
    for (const [name, scopes] of Object.entries(asObject(requirement))) {
      const scheme = authorizers.get(name);
      if (!scheme) {
        ignored.push(name);
        continue;
      }
      if (scheme.kind === "apiKey") apiKeyRequired = true;
      else authorization ??= authorizationBy(scheme, asArray(scopes).map(String));
    }
  }
  return { authorization: authorization ?? { type: "NONE" }, apiKeyRequired, ignored };
}

function authorizationBy(scheme: Exclude<Scheme, { kind: "apiKey" }>, scopes: string[]): Authorization {
  switch (scheme.kind) {
    case "lambda":
      return { type: "CUSTOM", authorizer: scheme.authorizer };
    case "tokens":
      return { type: "COGNITO_USER_POOLS", authorizer: scheme.authorizer, scopes };
    case "iam":
      return { type: "AWS_IAM" };
    default: {
      const exhausted: never = scheme;
      return exhausted;
    }
  }
}
