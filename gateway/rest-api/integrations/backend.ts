import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { substituteStageVariables } from "../mapping/stage-variables";
import type { Integration } from "../model";

export interface Endpoint {
  /** Where to connect, `http://host:port`. */
  origin: string;
  /** The authority in the uri: the Host header. */
  authority: string;
  /** Path and query. */
  path: string;
}

/**
 * The endpoint in an integration's uri, with stage variables and mapped path parameters substituted. A parameter without a mapping stays in braces, which makes an illegal address
 * (knowledge center: "Illegal character in path").
 */
export function compileEndpoint(
  integration: Integration,
): (exchange: Exchange, pathParameters: Record<string, string>) => Endpoint {
  return (exchange, pathParameters) => {
    const uri = substituteStageVariables(integration.uri, exchange.stageVariables);
    const endpoint = endpointOf(substitute(uri, pathParameters));
    return integration.connectionType === "VPC_LINK"
      ? throughLink(
          exchange,
          substituteStageVariables(integration.connectionId ?? "", exchange.stageVariables),
          endpoint,
        )
      : endpoint;
  };
}

function substitute(uri: string, pathParameters: Record<string, string>): string {
  return uri.replace(/\{([^{}]+)\}/g, (braces, name: string) =>
    Object.hasOwn(pathParameters, name) ? encodePath(pathParameters[name] as string) : braces,
  );
}

/**
 * A parameter's value in a path. "REST APIs decode URL-encoded request parameters before passing them to backend integrations
 * … [they] URL-encode the percent character (%)" (important notes): an encoded slash becomes a slash, also in `..%2F`.
 */
export const encodePath = (value: string): string =>
  value.replace(/[^\w.~!$&'()*+,;=:@/-]+/g, (text) => encodeURIComponent(text));

function endpointOf(uri: string): Endpoint {
  const match = /^(https?):\/\/([^/?#\s]+)([^#\s]*)/i.exec(uri);
  if (!match || /[{}\s]/.test(uri))
    throw new GatewayError("API_CONFIGURATION_ERROR", `Invalid endpoint address: ${uri}`);
  const authority = match[2] as string;
  const rest = match[3] as string;
  return {
    origin: `${(match[1] as string).toLowerCase()}://${authority}`,
    authority,
    path: rest === "" ? "/" : rest.startsWith("/") ? rest : `/${rest}`,
  };
}

/**
 * A link without a listening target behind it is a configuration error: 500, "There was an internal error while
 * executing your request" in the log (knowledge center: api-gateway-500-error-vpc).
 */
function throughLink(exchange: Exchange, connectionId: string, endpoint: Endpoint): Endpoint {
  const { connect } = exchange.runtime.options;
  if (!connect) return endpoint;
  let found: { origin: string } | undefined;
  try {
    found = connect(connectionId, endpoint.authority);
  } catch (error) {
    throw new GatewayError(
      "API_CONFIGURATION_ERROR",
      `VPC link ${connectionId}: ${(error as Error).message}`,
    );
  }
  if (!found)
    throw new GatewayError(
      "API_CONFIGURATION_ERROR",
      `VPC link ${connectionId} does not reach ${endpoint.authority}`,
    );
  return { ...endpoint, origin: found.origin };
}

/** AWS's response to an error on the way to a backend. */
export function backendError(error: Error & { code?: string }): GatewayError {
  if (error instanceof GatewayError) return error;
  switch (error.code) {
    // Configuration errors: a name that does not resolve is an "Invalid endpoint address", and so is a port without a
    // listener (localstack's integration, validated on AWS; knowledge center: api-gateway-500-error-vpc).
    case "ECONNREFUSED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "UND_ERR_INVALID_ARG":
      return new GatewayError("API_CONFIGURATION_ERROR", `Invalid endpoint address: ${error.message}`);
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return new GatewayError("INTEGRATION_TIMEOUT", error.message);
    case "ERR_TLS_CERT_ALTNAME_INVALID":
    case "CERT_HAS_EXPIRED":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return new GatewayError("API_CONFIGURATION_ERROR", `certificate of the endpoint: ${error.message}`);
    case "UND_ERR_DESTROYED":
    case "UND_ERR_CLOSED":
      return new GatewayError("DEFAULT_5XX", "the gateway is closing");
    default:
      return new GatewayError("INTEGRATION_FAILURE", `${error.code ?? error.name}: ${error.message}`);
  }
}
