/** AWS quotas, each with the page that states it. Defaults: those marked "can be raised" may be higher in an account. */

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const restApi = {
  /** Resources per API: every path segment counts, and so does the root. Can be raised. */
  resources: 300,
  /** Authorizers per API. Can be raised. */
  authorizers: 10,
  /** Stages per API. Can be raised. */
  stages: 10,
  stageVariables: 100,
  stageVariableKeyCharacters: 64,
  stageVariableValueCharacters: 512,
  resourcePolicyCharacters: 8192,
  /** Regional APIs per Region */
  regionalApis: 600,
  /** Public custom domain names per account and Region. Can be raised. */
  domainNames: 120,
  /** API mappings with several levels per domain name */
  mappingsPerDomainName: 200,
  /** VPC links per account and Region. Can be raised. */
  vpcLinks: 20,
  /** Can be raised for Regional and private APIs, at the cost of the account's throttle quota. */
  integrationTimeoutMs: { min: 50, max: 29_000 },
  payloadBytes: 10 * 1024 * 1024,
  /** Request line and header values together, and response header values together */
  headerBytes: 10_240,
  /** Definition that can be imported */
  definitionBytes: 6 * 1024 * 1024,
  /** Authorizer results and cached responses */
  cacheTtlSeconds: { default: 300, max: 3600 },
} as const;

/**
 * "Timeout for Lambda authorizer response", stated for HTTP APIs only; AWS states none for REST APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const AUTHORIZER_TIMEOUT_MS = 10_000;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html */
export const loadBalancer = {
  /** Listeners per Network Load Balancer. Can be raised. */
  listeners: 50,
  /** Length of a load balancer's or target group's name */
  nameCharacters: 32,
} as const;

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
export const vpc = {
  /** Security groups per Region. Can be raised. */
  securityGroups: 2500,
  /** Inbound rules per security group, and as many outbound. Can be raised. */
  rulesPerSecurityGroup: 60,
  /** Security groups per network interface. Can be raised to 16. */
  securityGroupsPerInterface: 5,
} as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const lambda = {
  /** All names and values of the environment variables */
  environmentBytes: 4096,
  /** Response of a synchronous invocation */
  responseBytes: 6 * 1024 * 1024,
} as const;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const iam = {
  /** All inline policies of a role together, without white space */
  inlinePolicyCharacters: 10_240,
} as const;

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export const waf = {
  addressesPerIpSet: 10_000,
} as const;

/** Quotas that AWS raises on request, by the names that `gateway:quotas` uses for them. */
export const raisable = {
  authorizers: "Authorizers per API",
  stages: "Stages per API",
  domainNames: "Custom domain names per account and Region",
  vpcLinks: "VPC links per account and Region",
  listeners: "Listeners per Network Load Balancer",
  securityGroups: "Security groups per Region",
  rulesPerSecurityGroup: "Inbound rules per security group, and as many outbound",
  securityGroupsPerInterface: "Security groups per network interface",
} as const;

export type RaisedQuotas = { [name in keyof typeof raisable]?: number };
