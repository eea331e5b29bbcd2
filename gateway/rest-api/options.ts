/** A JSON Web Key Set, as an issuer publishes it. */
export interface JsonWebKeySet {
  keys: Record<string, unknown>[];
}

export type LambdaHandler = (event: unknown) => Promise<unknown>;

/** An accepted API key; a plain string is short for `{ value }`. */
export interface ApiKey {
  value: string;
  /** `$context.identity.apiKeyId`; default: derived from the position. */
  id?: string;
  /** Default true; a disabled key is rejected like an unknown one. */
  enabled?: boolean;
  /** The usage plan's limits for this key. */
  throttle?: Throttle;
  quota?: { limit: number; period: "DAY" | "WEEK" | "MONTH" };
}

export interface Throttle {
  /** Tokens added per second. */
  rateLimit: number;
  /** Size of the bucket. */
  burstLimit: number;
}

/** Settings of a stage's methods. */
export interface MethodSettings {
  throttlingRateLimit?: number;
  throttlingBurstLimit?: number;
  cachingEnabled?: boolean;
  /** Seconds, 0 to 3600; default 300. */
  cacheTtlInSeconds?: number;
  requireAuthorizationForCacheControl?: boolean;
  unauthorizedCacheControlHeaderStrategy?:
    | "FAIL_WITH_403"
    | "SUCCEED_WITH_RESPONSE_HEADER"
    | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

export interface StageSettings {
  cacheClusterEnabled?: boolean;
  /** By `<path>/<METHOD>` with the path as in the definition, e.g. `/pets/{id}/GET`; asterisk-slash-asterisk for all. */
  methodSettings?: Record<string, MethodSettings>;
  canarySettings?: {
    /** 0 to 100. */
    percentTraffic: number;
    stageVariableOverrides?: Record<string, string>;
    useStageCache?: boolean;
    /** The canary's deployment; default: the same definition. */
    definition?: unknown;
  };
}

export interface WebAclRule {
  name: string;
  priority: number;
  action: WebAclAction;
  statement: WebAclStatement;
}

export type WebAclAction =
  | { allow: Record<string, never> }
  | { count: Record<string, never> }
  | {
      block: {
        customResponse?: {
          responseCode: number;
          body?: { contentType: "APPLICATION_JSON" | "TEXT_HTML" | "TEXT_PLAIN"; content: string };
          headers?: Record<string, string>;
        };
      };
    };

export type WebAclStatement =
  | { ipSet: readonly string[] }
  | { rateBased: { limit: number; evaluationWindowSec?: number; scopeDown?: WebAclStatement } }
  | { not: WebAclStatement }
  | { and: WebAclStatement[] }
  | { or: WebAclStatement[] }
  | {
      byteMatch: WebAclText & {
        search: string;
        position: "EXACTLY" | "STARTS_WITH" | "ENDS_WITH" | "CONTAINS" | "CONTAINS_WORD";
      };
    }
  /** A match of any pattern, anywhere in the text. */
  | { regexMatch: WebAclText & { patterns: readonly string[] } }
  /** The name of a statement that cannot be evaluated locally: it never matches and is reported at start. */
  | { unsupported: string };

/** The part of a request that a statement inspects, after its text transformations in order. */
export interface WebAclText {
  field: "uriPath" | "method" | "queryString" | { header: string };
  /** Default: none. */
  transformations?: readonly TextTransformation[];
}

export const TEXT_TRANSFORMATIONS = [
  "NONE",
  "LOWERCASE",
  "URL_DECODE",
  "COMPRESS_WHITE_SPACE",
  "NORMALIZE_PATH",
] as const;
export type TextTransformation = (typeof TEXT_TRANSFORMATIONS)[number];

export interface WebAcl {
  arn: string;
  defaultAction: WebAclAction;
  rules: readonly WebAclRule[];
}

export interface IamCredentials {
  secretAccessKey: string;
  sessionToken?: string;
  /** ARN of the user or role. */
  arn?: string;
  accountId?: string;
  /** Identity policy; default: may invoke everything. */
  policy?: { Statement: unknown };
}

/** A request from an AWS integration to a service other than Lambda. */
export interface ServiceRequest {
  service: string;
  region: string;
  action?: string;
  path?: string;
  method: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: Buffer;
}

export type ServiceHandler = (
  request: ServiceRequest,
) => Promise<{ statusCode?: number; headers?: Record<string, string>; body?: string | Buffer }>;

export interface GatewayOptions {
  /** A parsed OpenAPI 3.0 or Swagger 2.0 document with API Gateway extensions. */
  definition: unknown;
  stageVariables?: Record<string, string>;
  /** By Lambda function name; a handler may throw, as a function does. */
  functions?: Record<string, LambdaHandler>;
  /** Accepted key values. */
  apiKeys?: readonly (string | ApiKey)[];
  /** Default "test". */
  stage?: string;
  /** Default "us-east-1". */
  region?: string;
  /** Default "123456789012". */
  accountId?: string;
  /** Default derived from the definition's title. */
  apiId?: string;
  /**
   * The address of `http://authority` behind this VPC link. Undefined or an exception means it cannot be reached.
   * Default: the authority itself.
   */
  connect?(connectionId: string, authority: string): { origin: string } | undefined;
  stageSettings?: StageSettings;
  webAcl?: WebAcl;
  /** Key sets of token issuers, by user pool ARN, user pool id or issuer URL; "*" for any. */
  keySets?: Record<string, JsonWebKeySet>;
  /** By access key id, for AWS_IAM methods. */
  credentials?: Record<string, IamCredentials>;
  /** By service name as in the integration's ARN, e.g. "sqs", for integrations with AWS services. */
  services?: Record<string, ServiceHandler>;
  /** Receives one line per error that AWS would put into the execution log, and the notes at start. Default: only the notes, on standard error. */
  log?(line: string): void;
}
