/** A JSON Web Key Set, as an issuer publishes it. */
export interface JsonWebKeySet {
  keys: Record<string, unknown>[];
}

export type LambdaHandler = (event: unknown) => Promise<unknown>;

/** An API key that is accepted; a bare text stands for `{ value }`. */
export interface ApiKey {
  value: string;
  /** `$context.identity.apiKeyId`; default: derived from the position. */
  id?: string;
  /** Default true; a disabled key is refused like an unknown one. */
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

/** What a stage's method settings say; keys `*` + `/*` or `<path>/<METHOD>` with the path as in the definition, e.g. `/pets/{id}/GET`. */
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
  methodSettings?: Record<string, MethodSettings>;
  canarySettings?: {
    /** 0 to 100. */
    percentTraffic: number;
    stageVariableOverrides?: Record<string, string>;
    useStageCache?: boolean;
    /** What the canary's deployment contains; default: the same definition. */
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
      byteMatch: {
        field: "uriPath" | "method" | "queryString" | { header: string };
        search: string;
        position: "EXACTLY" | "STARTS_WITH" | "ENDS_WITH" | "CONTAINS";
      };
    }
  /** Something that cannot be evaluated locally, by name: it never matches and is reported at start. */
  | { unsupported: string };

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

/** A request to an AWS service made by an integration of type AWS that is no Lambda function. */
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
   * Where `http://authority` behind this VPC link really is. Undefined or a throw: what AWS answers when it cannot reach it.
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
  /** Receives one line per thing that AWS would log as an execution error, and notes at start. Default: notes at start go to standard error, the rest nowhere. */
  log?(line: string): void;
}
