import type { Exchange } from "./exchange";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

/** Common log format in UTC: `04/Mar/2020:19:15:17 +0000`. */
export function requestTime(epochMs: number): string {
  const date = new Date(epochMs);
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/**
 * The `$context` of a request: the same values in mapping templates and, as `requestContext`, in Lambda events
 * (recorded: test_lambda_aws_proxy_integration; keys that AWS omits are omitted).
 */
export function requestContext(exchange: Exchange): Record<string, unknown> {
  const { runtime, target } = exchange;
  const domainName = exchange.ingress.domainName ?? exchange.request.headers.host ?? runtime.domainName;
  const context: Record<string, unknown> = {
    resourceId: target?.resourceId ?? null,
    resourcePath: target?.path ?? null,
    operationName: target?.operationName,
    httpMethod: exchange.method,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: requestTime(exchange.startedAt),
    path: exchange.fullPath,
    accountId: runtime.accountId,
    protocol: `HTTP/${exchange.request.httpVersion}`,
    stage: runtime.stage,
    domainPrefix: /^(localhost|[\d.]+|\[.*\])(:\d+)?$/.test(domainName)
      ? runtime.apiId
      : domainName.split(".")[0],
    requestTimeEpoch: exchange.startedAt,
    requestId: exchange.requestId,
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: exchange.sourceIp,
      user: null,
      userAgent: exchange.header("user-agent") ?? null,
      userArn: null,
      ...exchange.identity,
    },
    domainName,
    deploymentId: runtime.deploymentId,
    apiId: runtime.apiId,
  };
  if (target?.operationName === undefined) delete context.operationName;
  if (exchange.authorizer) context.authorizer = exchange.authorizer;
  if (exchange.isCanary !== undefined) context.isCanaryRequest = exchange.isCanary;
  if (exchange.wafResponseCode) {
    context.wafResponseCode = exchange.wafResponseCode;
    context.webaclArn = runtime.webAclArn;
  }
  return context;
}
