/**
 * One JSON line per request. API Gateway requires the request ID and writes `-` for values it does not have.
 * Tokens, query strings and bodies are not logged. `error` is not messageString, which would write an unquoted `-` for every
 * request without an error, so that no line would be JSON. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  traceId: "$context.xrayTraceId",
  time: "$context.requestTimeEpoch",
  domainName: "$context.domainName",
  sourceIp: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  method: "$context.httpMethod",
  path: "$context.path",
  resourcePath: "$context.resourcePath",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
  principalId: "$context.authorizer.principalId",
  authorizerLatency: "$context.authorizer.latency",
  authorizerStatus: "$context.authorizer.status",
  authorizerError: "$context.authorizer.error",
  errorType: "$context.error.responseType",
  error: "$context.error.message",
  wafResponse: "$context.wafResponseCode",
  deployment: "$context.deploymentId",
});
