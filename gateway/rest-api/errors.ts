/**
 * How AWS renders a default body. Its front end (routing, authorization, keys, throttling) writes `{"message":…}`, its
 * execution phase `{"message": …}` with a space: a recorded "Internal server error" is 36 bytes long.
 */
export type BodyStyle = "front" | "execution" | "capital";

interface Defaults {
  status: number;
  /** Value of `x-amzn-ErrorType`. */
  errorType: string;
  /** `$context.error.message`; null renders as JSON null, which AWS sends when an authorizer fails. */
  message: string | null;
  bodyStyle: BodyStyle;
}

const defaults = (
  status: number,
  errorType: string,
  message: string | null,
  bodyStyle: BodyStyle = "front",
): Defaults => ({ status, errorType, message, bodyStyle });

/**
 * Default gateway responses by type: what API Gateway returns instead of an integration's response.
 * Types and status codes: developer guide, "Gateway response types". `x-amzn-ErrorType` values and bodies: responses
 * recorded on AWS (tests/gateway/rest-api/gateway-response.test.ts).
 */
const RESPONSES = {
  // A policy that does not allow; the only default body with a capital `Message`.
  ACCESS_DENIED: defaults(
    403,
    "AccessDeniedException",
    "User is not authorized to access this resource",
    "capital",
  ),
  // "Execution failed due to configuration error" in AWS's log.
  API_CONFIGURATION_ERROR: defaults(
    500,
    "InternalServerErrorException",
    "Internal server error",
    "execution",
  ),
  AUTHORIZER_CONFIGURATION_ERROR: defaults(500, "AuthorizerConfigurationException", null),
  // The authorizer threw or timed out. Users report the same header as for a configuration error.
  AUTHORIZER_FAILURE: defaults(500, "AuthorizerConfigurationException", null),
  BAD_REQUEST_BODY: defaults(400, "BadRequestException", "Invalid request body", "execution"),
  BAD_REQUEST_PARAMETERS: defaults(
    400,
    "BadRequestException",
    "Missing required request parameters",
    "execution",
  ),
  // A 4xx without a type of its own, such as a body that a mapping needs as JSON and that is not JSON.
  DEFAULT_4XX: defaults(400, "BadRequestException", "Bad Request", "execution"),
  // Anything else that goes wrong during execution; 502 for a malformed Lambda proxy response.
  DEFAULT_5XX: defaults(500, "InternalServerErrorException", "Internal server error", "execution"),
  EXPIRED_TOKEN: defaults(
    403,
    "ExpiredTokenException",
    "The security token included in the request is expired",
  ),
  // The backend resets the connection or does not speak HTTP.
  INTEGRATION_FAILURE: defaults(
    504,
    "InternalServerErrorException",
    "Network error communicating with endpoint",
    "execution",
  ),
  INTEGRATION_TIMEOUT: defaults(
    504,
    "InternalServerErrorException",
    "Endpoint request timed out",
    "execution",
  ),
  INVALID_API_KEY: defaults(403, "ForbiddenException", "Forbidden"),
  INVALID_SIGNATURE: defaults(403, "InvalidSignatureException", "Forbidden"),
  // No route, no method, or no signature where one is required.
  MISSING_AUTHENTICATION_TOKEN: defaults(
    403,
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
  ),
  QUOTA_EXCEEDED: defaults(429, "LimitExceededException", "Limit Exceeded"),
  // "Customizing the default gateway response for 413 REQUEST_TOO_LARGE isn't currently supported" (important notes).
  REQUEST_TOO_LARGE: defaults(413, "RequestTooLargeException", "Request Too Long"),
  RESOURCE_NOT_FOUND: defaults(404, "NotFoundException", "Not Found"),
  THROTTLED: defaults(429, "TooManyRequestsException", "Too Many Requests"),
  UNAUTHORIZED: defaults(401, "UnauthorizedException", "Unauthorized"),
  UNSUPPORTED_MEDIA_TYPE: defaults(415, "BadRequestException", "Unsupported Media Type", "execution"),
  WAF_FILTERED: defaults(403, "ForbiddenException", "Forbidden"),
};

export type GatewayResponseType = keyof typeof RESPONSES;

export const GATEWAY_RESPONSE_TYPES = Object.keys(RESPONSES) as GatewayResponseType[];

/** Ends a request with the gateway response of a type. */
export class GatewayError extends Error {
  readonly status: number;
  readonly errorType: string;
  /** The message sent; null where AWS sends null. */
  readonly text: string | null;
  readonly bodyStyle: BodyStyle;
  /** `$context.error.validationErrorString`. */
  readonly validationErrorString?: string;

  /**
   * @param reason why, for the log; never sent to the client
   * @param overrides what differs from the type's defaults in this case
   */
  constructor(
    readonly type: GatewayResponseType,
    readonly reason = "",
    overrides: Partial<Defaults> & { validationErrorString?: string } = {},
  ) {
    const facts = { ...RESPONSES[type], ...overrides };
    super(facts.message ?? type);
    this.status = facts.status;
    this.errorType = facts.errorType;
    this.text = facts.message;
    this.bodyStyle = facts.bodyStyle;
    this.validationErrorString = overrides.validationErrorString;
  }
}

/** A Lambda function that cannot be invoked or failed: the client only sees an internal error. */
export const lambdaFailure = (reason: string, status = 500): GatewayError =>
  new GatewayError("INTEGRATION_FAILURE", reason, { message: "Internal server error", status });
