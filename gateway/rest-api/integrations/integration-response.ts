import { asUtf8, binaryTypes, fromBase64 } from "../binary";
import { GatewayError } from "../errors";
import type { IntegrationResponse as BackendResponse, Exchange } from "../exchange";
import { headerValue, type RawHeaders, remapResponse, setHeader } from "../headers";
import { javaRegex } from "../mapping/java-methods";
import { toNumber } from "../mapping/java-values";
import { formatOverride } from "../mapping/overrides";
import { compileResponseSource, type ResponseSource } from "../mapping/parameters";
import { compileMappingTemplate, type MappingTemplate } from "../mapping/template";
import { mediaType } from "../media-type";
import type { IntegrationResponse, Method } from "../model";
import type { Runtime } from "../runtime";

interface CompiledResponse {
  matches?: (text: string) => boolean;
  statusCode: number;
  headers: [string, ResponseSource][];
  templates: Map<string, MappingTemplate>;
  contentHandling: IntegrationResponse["contentHandling"];
}

/**
 * Maps the response of a custom integration to the method response. Selection patterns are matched with `selector`: the
 * status code, or the error message of a Lambda function.
 */
export function compileIntegrationResponse(
  runtime: Runtime,
  method: Method,
): (exchange: Exchange, result: BackendResponse, selector: string) => void {
  const responses = method.integration.responses.map(compileResponse);
  const isBinary = binaryTypes(runtime.api.binaryMediaTypes);
  return (exchange, result, selector) => {
    const response = select(responses, selector, method.integration.type);
    const headers: RawHeaders = [];
    for (const [name, source] of response.headers) {
      const value = source(exchange, result.headers, result.body);
      if (value !== undefined && value !== "") setHeader(headers, name, value);
    }
    const binaryPayload = isBinary(headerValue(result.headers, "content-type"));
    const body = convertResponse(
      result.body,
      binaryPayload,
      isBinary(exchange.header("accept")),
      response.contentHandling,
    );
    const template = selectTemplate(response.templates, exchange);
    let rendered: Buffer = body.data;
    if (template) {
      if (!body.text) throw new GatewayError("DEFAULT_5XX", "the response is binary and has a template");
      rendered = Buffer.from(template.template.render(exchange, body.data.toString("utf8")));
    }
    const status = applyOverrides(exchange, headers) ?? response.statusCode;
    // "API Gateway includes a Content-Type header for all integration responses. By default application/json."
    if (headerValue(headers, "content-type") === undefined) {
      headers.unshift("Content-Type", template?.contentType ?? "application/json");
    }
    exchange.methodResponse = {
      status,
      headers: remapResponse(headers, "customResponse"),
      body: rendered,
    };
  };
}

function compileResponse(response: IntegrationResponse): CompiledResponse {
  return {
    matches: response.selectionPattern ? compilePattern(response.selectionPattern) : undefined,
    statusCode: response.statusCode,
    headers: response.headers.map(([name, source]) => [name, compileResponseSource(source)]),
    templates: new Map(
      [...response.templates].map(([type, source]) => [type, compileMappingTemplate(source)]),
    ),
    contentHandling: response.contentHandling,
  };
}

/** "API Gateway uses Java pattern-style regexes for response mapping"; the whole text has to match. */
function compilePattern(pattern: string): (text: string) => boolean {
  const inline = /^\(\?[ism]+\)/.exec(pattern)?.[0] ?? "";
  const expression = javaRegex(`${inline}^(?:${pattern.slice(inline.length)})$`);
  return (text) => expression.test(text);
}

/** For MOCK, of several matches the one with the status itself (ministackorg/ministack#1756, measured on AWS). */
function select(
  responses: readonly CompiledResponse[],
  selector: string,
  type: Method["integration"]["type"],
): CompiledResponse {
  const matching = responses.filter((response) => response.matches?.(selector));
  const exact = matching.find(({ statusCode }) => type === "MOCK" && String(statusCode) === selector);
  const found = exact ?? matching[0] ?? responses.find((response) => !response.matches);
  if (!found) {
    throw new GatewayError(
      "API_CONFIGURATION_ERROR",
      `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${selector}`,
    );
  }
  return found;
}

/** By the Accept header, else application/json, else the first (guide: "Select a VTL mapping template"). */
function selectTemplate(
  templates: ReadonlyMap<string, MappingTemplate>,
  exchange: Exchange,
): { contentType: string; template: MappingTemplate } | undefined {
  if (templates.size === 0) return undefined;
  const accept = exchange.header("accept");
  for (const type of [accept, mediaType(accept), "application/json"]) {
    const template = type === undefined ? undefined : templates.get(type);
    if (type !== undefined && template) return { contentType: type, template };
  }
  const [contentType, template] = templates.entries().next().value as [string, MappingTemplate];
  return { contentType: contentType === "$default" ? "application/json" : contentType, template };
}

/** Guide: "Content type conversions", table "API Gateway response content type conversions". */
export function convertResponse(
  body: Buffer,
  binaryPayload: boolean,
  binaryAccept: boolean,
  handling: IntegrationResponse["contentHandling"],
): { data: Buffer; text: boolean } {
  if (body.length === 0) return { data: body, text: true };
  const toText = handling === "CONVERT_TO_TEXT" || (!handling && !binaryAccept);
  if (binaryPayload) {
    return toText ? { data: Buffer.from(body.toString("base64")), text: true } : { data: body, text: false };
  }
  if (toText) return { data: asUtf8(body), text: true };
  const decoded = fromBase64(body);
  if (!decoded) throw new GatewayError("API_CONFIGURATION_ERROR", "the response is not base64");
  return { data: decoded, text: false };
}

/** Replaces headers, one per value of a list. An invalid status is ignored. */
function applyOverrides(exchange: Exchange, headers: RawHeaders): number | undefined {
  const overrides = exchange.overrides?.response;
  if (!overrides) return undefined;
  const header = overrides.get("header");
  for (const [name, value] of header instanceof Map ? header : []) {
    const [first, ...more] = formatOverride(value);
    if (first === undefined) continue;
    setHeader(headers, name, first);
    for (const one of more) headers.push(name, one);
  }
  const status = toNumber(overrides.get("status"));
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}
