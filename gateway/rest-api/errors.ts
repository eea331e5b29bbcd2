/**
 * What the gateway itself answers instead of an integration: one class per AWS gateway response type.
 * Types and default status codes: API Gateway developer guide, "Gateway response types".
 * `x-amzn-ErrorType` values and bodies: answers recorded on AWS (see tests/gateway/rest-api/gateway-response.test.ts).
 */
export const GATEWAY_RESPONSE_TYPES = [
  "ACCESS_DENIED",
  "API_CONFIGURATION_ERROR",
  "AUTHORIZER_CONFIGURATION_ERROR",
  "AUTHORIZER_FAILURE",
  "BAD_REQUEST_BODY",
  "BAD_REQUEST_PARAMETERS",
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "EXPIRED_TOKEN",
  "INTEGRATION_FAILURE",
  "INTEGRATION_TIMEOUT",
  "INVALID_API_KEY",
  "INVALID_SIGNATURE",
  "MISSING_AUTHENTICATION_TOKEN",
  "QUOTA_EXCEEDED",
  "REQUEST_TOO_LARGE",
  "RESOURCE_NOT_FOUND",
  "THROTTLED",
  "UNAUTHORIZED",
  "UNSUPPORTED_MEDIA_TYPE",
  "WAF_FILTERED",
] as const;

export type GatewayResponseType = (typeof GATEWAY_RESPONSE_TYPES)[number];

interface ErrorFacts {
  type: GatewayResponseType;
  status: number;
  /** Value of `x-amzn-ErrorType`. */
  errorType: string;
  /** `$context.error.message`; null renders as the JSON null that AWS sends when an authorizer fails. */
  message: string | null;
  /**
   * The body AWS renders while no template is configured. Its front end (routing, authorization, keys, throttling) writes
   * `{"message":…}`, its execution phase `{"message": …}` with a blank: a recorded "Internal server error" is 36 bytes long.
   */
  body?: "front" | "execution" | "capital";
}

/** Base of all gateway errors; `facts` are the defaults of the type, overridable per occurrence. */
export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  readonly status: number;
  readonly errorType: string;
  /** Null where AWS says null. */
  readonly text: string | null;
  readonly bodyStyle: "front" | "execution" | "capital";
  /** `$context.error.validationErrorString`. */
  validationErrorString?: string;
  /** Answer headers this occurrence adds. */
  headers?: Record<string, string>;
  /** Why, for the log; never sent to the client. */
  readonly reason: string;

  constructor(facts: ErrorFacts, reason = "") {
    super(facts.message ?? facts.type);
    this.type = facts.type;
    this.status = facts.status;
    this.errorType = facts.errorType;
    this.text = facts.message;
    this.bodyStyle = facts.body ?? "front";
    this.reason = reason;
  }
}

/** No route, no method, or no signature where one is needed. */
export class MissingAuthenticationToken extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "MISSING_AUTHENTICATION_TOKEN",
        status: 403,
        errorType: "MissingAuthenticationTokenException",
        message: "Missing Authentication Token",
      },
      reason,
    );
  }
}

export class Unauthorized extends GatewayError {
  constructor(reason?: string, message = "Unauthorized") {
    super({ type: "UNAUTHORIZED", status: 401, errorType: "UnauthorizedException", message }, reason);
  }
}

/** A policy that does not allow. The default body of this type alone has a capital `Message`. */
export class AccessDenied extends GatewayError {
  constructor(message: string, reason?: string) {
    super(
      { type: "ACCESS_DENIED", status: 403, errorType: "AccessDeniedException", message, body: "capital" },
      reason,
    );
  }
}

export class AuthorizerConfigurationError extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "AUTHORIZER_CONFIGURATION_ERROR",
        status: 500,
        errorType: "AuthorizerConfigurationException",
        message: null,
      },
      reason,
    );
  }
}

/** An authorizer that threw or timed out. Users report the same header for it as for a configuration error. */
export class AuthorizerFailure extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "AUTHORIZER_FAILURE",
        status: 500,
        errorType: "AuthorizerConfigurationException",
        message: null,
      },
      reason,
    );
  }
}

export class InvalidApiKey extends GatewayError {
  constructor(reason?: string) {
    super(
      { type: "INVALID_API_KEY", status: 403, errorType: "ForbiddenException", message: "Forbidden" },
      reason,
    );
  }
}

export class InvalidSignature extends GatewayError {
  constructor(message: string, errorType = "InvalidSignatureException") {
    super({ type: "INVALID_SIGNATURE", status: 403, errorType, message });
  }
}

export class ExpiredToken extends GatewayError {
  constructor(message = "The security token included in the request is expired") {
    super({ type: "EXPIRED_TOKEN", status: 403, errorType: "ExpiredTokenException", message });
  }
}

/** A token of a user pool that is past its `exp`: 401 of type UNAUTHORIZED, with a text of its own. */
export class TokenExpired extends Unauthorized {
  constructor() {
    super("token expired", "The incoming token has expired");
  }
}

export class Throttled extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "THROTTLED",
        status: 429,
        errorType: "TooManyRequestsException",
        message: "Too Many Requests",
      },
      reason,
    );
  }
}

export class QuotaExceeded extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "QUOTA_EXCEEDED",
        status: 429,
        errorType: "LimitExceededException",
        message: "Limit Exceeded",
      },
      reason,
    );
  }
}

export class WafFiltered extends GatewayError {
  constructor(reason?: string) {
    super(
      { type: "WAF_FILTERED", status: 403, errorType: "ForbiddenException", message: "Forbidden" },
      reason,
    );
  }
}

/** 10 MB is the payload quota of a REST API; "Customizing the default gateway response for 413 isn't supported". */
export class RequestTooLarge extends GatewayError {
  constructor() {
    super({
      type: "REQUEST_TOO_LARGE",
      status: 413,
      errorType: "RequestTooLargeException",
      message: "Request Too Long",
    });
  }
}

export class BadRequestParameters extends GatewayError {
  constructor(missing: readonly string[]) {
    super({
      type: "BAD_REQUEST_PARAMETERS",
      status: 400,
      errorType: "BadRequestException",
      message: `Missing required request parameters: [${missing.join(", ")}]`,
      body: "execution",
    });
    this.validationErrorString = this.text ?? undefined;
  }
}

export class BadRequestBody extends GatewayError {
  constructor(problems: readonly string[]) {
    super({
      type: "BAD_REQUEST_BODY",
      status: 400,
      errorType: "BadRequestException",
      message: "Invalid request body",
      body: "execution",
    });
    this.validationErrorString = `[${problems.join(", ")}]`;
  }
}

/** A 4xx that has no type of its own, such as a body that a mapping needs as JSON and is not. */
export class BadRequest extends GatewayError {
  constructor(message: string, reason?: string) {
    super(
      { type: "DEFAULT_4XX", status: 400, errorType: "BadRequestException", message, body: "execution" },
      reason,
    );
  }
}

export class UnsupportedMediaType extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "UNSUPPORTED_MEDIA_TYPE",
        status: 415,
        errorType: "BadRequestException",
        message: "Unsupported Media Type",
        body: "execution",
      },
      reason,
    );
  }
}

export class IntegrationTimeout extends GatewayError {
  constructor(reason?: string) {
    super(
      {
        type: "INTEGRATION_TIMEOUT",
        status: 504,
        errorType: "InternalServerErrorException",
        message: "Endpoint request timed out",
        body: "execution",
      },
      reason,
    );
  }
}

/** The backend cannot be reached or does not speak HTTP. */
export class IntegrationFailure extends GatewayError {
  constructor(reason?: string, message = "Network error communicating with endpoint", status = 504) {
    super(
      {
        type: "INTEGRATION_FAILURE",
        status,
        errorType: "InternalServerErrorException",
        message,
        body: "execution",
      },
      reason,
    );
  }
}

/** "Execution failed due to configuration error" in AWS's log. */
export class ApiConfigurationError extends GatewayError {
  constructor(reason?: string, status = 500) {
    super(
      {
        type: "API_CONFIGURATION_ERROR",
        status,
        errorType: "InternalServerErrorException",
        message: "Internal server error",
        body: "execution",
      },
      reason,
    );
  }
}

/** Anything else that goes wrong while executing; 502 for a malformed Lambda proxy response. */
export class InternalServerError extends GatewayError {
  constructor(reason?: string, status = 500) {
    super(
      {
        type: "DEFAULT_5XX",
        status,
        errorType: "InternalServerErrorException",
        message: "Internal server error",
        body: "execution",
      },
      reason,
    );
  }
}

/** The default status of a type, which decides whether DEFAULT_4XX or DEFAULT_5XX stands in for it. */
export function defaultResponseOf(status: number): "DEFAULT_4XX" | "DEFAULT_5XX" {
  return status >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX";
}
