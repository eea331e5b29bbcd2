import type { GatewayError } from "../errors";
import type { Exchange, MethodResponse } from "../exchange";
import { headerValue, type RawHeaders, setHeader } from "../headers";
import { gatewayHeader, renderGatewayTemplate } from "../mapping/gateway-template";
import type { GatewayResponse } from "../model";

/**
 * The response to an error: the one configured for its type, else that of DEFAULT_4XX or DEFAULT_5XX, else AWS's default
 * (guide: "Gateway response types").
 */
export function gatewayResponse(exchange: Exchange, error: GatewayError): MethodResponse {
  exchange.error = error;
  const configured = configuredResponse(exchange, error);
  const headers: RawHeaders = ["x-amzn-ErrorType", error.errorType];
  for (const [name, source] of configured?.headers ?? []) {
    const value = gatewayHeader(exchange, source);
    if (value !== undefined) setHeader(headers, name, value);
  }
  const template = configured && selectTemplate(exchange, configured.templates);
  if (headerValue(headers, "content-type") === undefined) {
    headers.unshift("Content-Type", template?.contentType ?? "application/json");
  }
  return {
    status: configured?.status ?? error.status,
    headers,
    body: template ? renderGatewayTemplate(exchange, template.text) : defaultBody(error),
  };
}

function configuredResponse(exchange: Exchange, error: GatewayError): GatewayResponse | undefined {
  // "Customizing the default gateway response for 413 REQUEST_TOO_LARGE isn't currently supported" (important notes).
  if (error.type === "REQUEST_TOO_LARGE") return undefined;
  const responses = exchange.runtime.api.gatewayResponses;
  return responses.get(error.type) ?? responses.get(error.status >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX");
}

function selectTemplate(
  exchange: Exchange,
  templates: ReadonlyMap<string, string>,
): { contentType: string; text: string } | undefined {
  const first = templates.entries().next().value;
  if (!first) return undefined;
  const accept = exchange.header("accept")?.split(",")[0]?.split(";")[0]?.trim();
  for (const contentType of [accept, "application/json"]) {
    const text = contentType === undefined ? undefined : templates.get(contentType);
    if (contentType !== undefined && text !== undefined) return { contentType, text };
  }
  return { contentType: first[0], text: first[1] };
}

function defaultBody(error: GatewayError): string {
  const key = { front: '"message":', execution: '"message": ', capital: '"Message":' }[error.bodyStyle];
  return `{${key}${JSON.stringify(error.text)}}`;
}
