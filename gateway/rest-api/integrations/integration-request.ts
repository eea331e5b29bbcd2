import { asUtf8, binaryTypes, fromBase64 } from "../binary";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { formatOverride, type Overrides } from "../mapping/overrides";
import { compileRequestMapper, type MappedParameters } from "../mapping/parameters";
import { compileMappingTemplate, type MappingTemplate } from "../mapping/template";
import { entryFor } from "../media-type";
import type { Integration, Method } from "../model";
import type { Runtime } from "../runtime";

/** What a custom integration sends, before its endpoint is known. */
export interface MappedRequest {
  parameters: MappedParameters;
  body: Buffer;
}

/**
 * Maps a method request to the request of a custom (HTTP, AWS, MOCK) integration: parameters, template by content type,
 * passthrough, conversion of binary payloads, overrides.
 */
export function compileIntegrationRequest(
  runtime: Runtime,
  method: Method,
): (exchange: Exchange) => Promise<MappedRequest> {
  const { integration } = method;
  const mapper = compileRequestMapper(integration.requestParameters);
  const templates = new Map(
    [...integration.requestTemplates].map(([type, source]) => [type, compileMappingTemplate(source)]),
  );
  const isBinary = binaryTypes(runtime.api.binaryMediaTypes);
  return async (exchange) => {
    const template = selectTemplate(integration, templates, exchange);
    const binary = isBinary(exchange.header("content-type"));
    const body = convert(await exchange.body(), binary, integration.contentHandling);
    // Even without a body: an OPTIONS mock fails in an API whose binary media types are */* (aws/chalice#1310).
    if (template && binary && integration.contentHandling !== "CONVERT_TO_TEXT") {
      throw new GatewayError("DEFAULT_5XX", "Unable to transform request");
    }
    const parameters = mapper.map(exchange, body);
    if (!template) return { parameters, body };
    const rendered = template.render(exchange, templateInput(body));
    if (exchange.overrides) override(parameters, exchange.overrides.request);
    return { parameters, body: Buffer.from(rendered) };
  };
}

/** Guide: "Integration passthrough behaviors"; without a Content-Type, application/json is assumed. */
function selectTemplate(
  integration: Integration,
  templates: ReadonlyMap<string, MappingTemplate>,
  exchange: Exchange,
): MappingTemplate | undefined {
  const found = entryFor(templates, exchange.header("content-type") ?? "application/json");
  if (found) return found[1];
  const refused =
    integration.passthroughBehavior === "NEVER" ||
    (integration.passthroughBehavior === "WHEN_NO_TEMPLATES" && templates.size > 0);
  if (refused)
    throw new GatewayError(
      "UNSUPPORTED_MEDIA_TYPE",
      `no template, and passthrough is ${integration.passthroughBehavior}`,
    );
  return undefined;
}

/** Guide: "Content type conversions", table "API request content type conversions". */
export function convert(body: Buffer, binary: boolean, handling: Integration["contentHandling"]): Buffer {
  if (body.length === 0) return body;
  if (binary) return handling === "CONVERT_TO_TEXT" ? Buffer.from(body.toString("base64")) : body;
  if (handling !== "CONVERT_TO_BINARY") return asUtf8(body);
  const decoded = fromBase64(body);
  if (!decoded) throw new GatewayError("API_CONFIGURATION_ERROR", "the payload is not base64");
  return decoded;
}

/** Binary data cannot go through a template (recorded: …convert_to_binary_with_request_template). */
export function templateInput(body: Buffer): string {
  const text = body.toString("utf8");
  if (text.includes("\ufffd") && !asUtf8(body).equals(body)) {
    throw new GatewayError("DEFAULT_5XX", "the payload is binary and has a template");
  }
  return text;
}

function override(parameters: MappedParameters, overrides: Overrides["request"]): void {
  for (const [name, value] of overrides.path) parameters.path[name] = formatOverride(value).join(",");
  for (const [name, value] of overrides.querystring) parameters.querystring[name] = formatOverride(value);
  for (const [name, value] of overrides.header) {
    const known = Object.keys(parameters.header).find((key) => key.toLowerCase() === name.toLowerCase());
    if (known) delete parameters.header[known];
    parameters.header[name] = formatOverride(value).join(",");
  }
}
