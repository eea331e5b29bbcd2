import type { GatewayResponseType } from "./errors";

/** A REST API as imported from its definition: plain data, independent of stage and requests. */
export interface RestApi {
  name: string;
  binaryMediaTypes: string[];
  /** Responses of at least this many bytes are compressed; undefined: none. */
  minimumCompressionSize?: number;
  apiKeySource: "HEADER" | "AUTHORIZER";
  gatewayResponses: Map<GatewayResponseType, GatewayResponse>;
  methods: Method[];
  /** Import errors of AWS for what is served here nevertheless. */
  refusedByAws: string[];
  /** Resource policy of `x-amazon-apigateway-policy`. */
  policy?: PolicyDocument;
}

export interface GatewayResponse {
  status?: number;
  /** `[header name, source expression]`. */
  headers: [string, string][];
  /** By content type. */
  templates: Map<string, string>;
}

export interface Method {
  /** As in the definition, `/a/{b}/{c+}`. */
  path: string;
  /** Upper case; ANY for `x-amazon-apigateway-any-method`. */
  httpMethod: string;
  resourceId: string;
  operationName?: string;
  authorization: Authorization;
  /** Security schemes of the operation that API Gateway does not enforce. */
  ignored: string[];
  apiKeyRequired: boolean;
  parameters: RequestParameter[];
  /** JSON schemas by content type; `$default` for any. */
  models: Map<string, unknown>;
  validateBody: boolean;
  validateParameters: boolean;
  integration: Integration;
}

export interface RequestParameter {
  location: "path" | "querystring" | "header";
  name: string;
  required: boolean;
}

export type Authorization =
  | { type: "NONE" }
  | { type: "AWS_IAM" }
  | { type: "CUSTOM"; authorizer: LambdaAuthorizer }
  | { type: "COGNITO_USER_POOLS"; authorizer: TokenAuthorizer; scopes: string[] };

export interface LambdaAuthorizer {
  name: string;
  type: "TOKEN" | "REQUEST";
  uri: string;
  /** `method.request.header.X`, `method.request.querystring.X`, `stageVariables.X`, `context.X`. */
  identitySources: string[];
  identityValidation?: string;
  /** 0: no caching. */
  ttlSeconds: number;
}

/** Cognito user pools, or any other issuer whose keys are configured. */
export interface TokenAuthorizer {
  name: string;
  /** The header that carries the token. */
  identitySource: string;
  identityValidation?: string;
  providerArns: string[];
  /** For `type: jwt`. */
  issuer?: string;
  audience?: string[];
}

export type IntegrationType = "HTTP" | "HTTP_PROXY" | "AWS" | "AWS_PROXY" | "MOCK";

export interface Integration {
  type: IntegrationType;
  /** Undefined for MOCK, or ANY: the method of the request. */
  httpMethod?: string;
  uri: string;
  connectionType: "INTERNET" | "VPC_LINK";
  connectionId?: string;
  requestParameters: ParameterMapping[];
  requestTemplates: Map<string, string>;
  passthroughBehavior: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
  contentHandling?: ContentHandling;
  timeoutMs: number;
  responses: IntegrationResponse[];
  cacheKeyParameters: string[];
  cacheNamespace?: string;
  insecureSkipVerification: boolean;
}

export interface ParameterMapping {
  location: "path" | "querystring" | "header";
  name: string;
  /** `method.request.…`, `stageVariables.…`, `context.…` or `'…'`. */
  source: string;
}

export interface IntegrationResponse {
  /** Undefined or empty: the default response. */
  selectionPattern?: string;
  statusCode: number;
  /** `[header name, source expression]`. */
  headers: [string, string][];
  templates: Map<string, string>;
  contentHandling?: ContentHandling;
}

export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

export interface PolicyDocument {
  Version?: string;
  Statement: unknown;
}
