import type { JsonObject } from "../../lib/json";
import type { GatewayResponseSettings } from "../settings";

/**
 * The body of a gateway response. "Simple variable substitutions" only: "a
 * GatewayResponse mapping template isn't processed by the Velocity Template Language (VTL) engine", so nothing can be
 * escaped here. `$context.error.messageString` is quoted by API Gateway; `$context.authorizer.key` is the hint of
 * the authorizer, which must not contain quotes, backslashes or control characters, and is empty when none ran.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseTemplates.html
 */
const BODY = `{
  "message": $context.error.messageString,
  "hint": "$context.authorizer.key",
  "http_method": "$context.httpMethod"
}`;

const TYPES = { UNAUTHORIZED: 401, ACCESS_DENIED: 403 };

const CORS = {
  origin: "*",
  methods: "GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS",
  headers: "Authorization,Content-Type,Accept,Cache-Control,X-Requested-With",
};

export function gatewayResponses(settings: GatewayResponseSettings = {}): JsonObject {
  const responses: JsonObject = settings.definitions ? { ...settings.definitions } : defaultResponses();
  if (!settings.cors) return responses;
  const parameters = corsParameters(settings.cors === true ? {} : settings.cors);
  // "DEFAULT_4XX / DEFAULT_5XX: the default gateway response for an unspecified response type with the status code
  // of 4XX / 5XX": timeouts, throttling and the like need the headers as well, or a browser hides the answer.
  for (const type of [...Object.keys(responses), "DEFAULT_4XX", "DEFAULT_5XX"]) {
    const response = (responses[type] ?? {}) as JsonObject;
    responses[type] = {
      ...response,
      responseParameters: { ...parameters, ...(response.responseParameters as JsonObject) },
    };
  }
  return responses;
}

function defaultResponses(): JsonObject {
  const entries = Object.entries(TYPES).map(([type, statusCode]) => [
    type,
    { statusCode, responseTemplates: { "application/json": BODY } },
  ]);
  return Object.fromEntries(entries);
}

function corsParameters(cors: { origin?: string; methods?: string; headers?: string }): JsonObject {
  const { origin, methods, headers } = { ...CORS, ...cors };
  return {
    "gatewayresponse.header.Access-Control-Allow-Origin": `'${origin}'`,
    "gatewayresponse.header.Access-Control-Allow-Methods": `'${methods}'`,
    "gatewayresponse.header.Access-Control-Allow-Headers": `'${headers}'`,
  };
}
