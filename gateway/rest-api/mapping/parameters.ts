import { at, stringAt } from "../../../lib/json";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { headerValues, type RawHeaders } from "../headers";
import type { ParameterMapping } from "../model";
import { requestContext } from "../request-context";
import { toJson } from "./java-values";
import { parseJson } from "./json";
import { evaluateJsonPath } from "./json-path";

/** Values of the parameter mappings of an integration request, by location. */
export interface MappedParameters {
  path: Record<string, string>;
  querystring: Record<string, string | string[]>;
  header: Record<string, string>;
}

type Source = (exchange: Exchange, body: Buffer | undefined) => string | string[] | undefined;

export interface RequestMapper {
  /** Whether `map` needs the request body. */
  needsBody: boolean;
  map(exchange: Exchange, body: Buffer | undefined): MappedParameters;
}

/** Compiles `requestParameters` (guide: "Map method request data to integration request parameters"). */
export function compileRequestMapper(mappings: readonly ParameterMapping[]): RequestMapper {
  const compiled = mappings.map((mapping) => ({
    ...mapping,
    read: compileSource(mapping.source),
    decode: mapping.source.startsWith("method.request.path."),
  }));
  return {
    needsBody: mappings.some((mapping) => mapping.source.startsWith("method.request.body")),
    map(exchange, body) {
      const result: MappedParameters = {
        path: Object.create(null),
        querystring: Object.create(null),
        header: Object.create(null),
      };
      for (const { location, name, read, decode } of compiled) {
        const found = read(exchange, body);
        const value = decode && typeof found === "string" ? decoded(found) : found;
        // A missing or empty source sets nothing (recorded: testEmptyQs).
        if (value === undefined || value.length === 0) continue;
        if (location === "querystring") result.querystring[name] = value;
        else result[location][name] = typeof value === "string" ? value : value.join(",");
      }
      return result;
    },
  };
}

function compileSource(source: string): Source {
  const quoted = /^'(.*)'$/s.exec(source);
  if (quoted) return () => quoted[1] as string;
  if (source.startsWith("stageVariables.")) {
    const name = source.slice("stageVariables.".length);
    return (exchange) => stringAt(exchange.stageVariables, name);
  }
  if (source.startsWith("context.")) {
    const path = source.split(".").slice(1);
    return (exchange) => contextText(exchange, path);
  }
  if (source === "method.request.body") return (_, body) => bodyText(body);
  if (source.startsWith("method.request.body.")) {
    const path = `$.${source.slice("method.request.body.".length)}`;
    return (_, body) => bodyValue(body, path);
  }
  const match =
    /^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.(.+)$/.exec(source);
  if (!match) return () => undefined;
  const name = match[2] as string;
  switch (match[1]) {
    case "path":
      return (exchange) => exchange.pathParameter(name);
    case "querystring":
      return (exchange) => exchange.query.get(name);
    case "multivaluequerystring":
      return (exchange) => {
        const values = exchange.query.all(name);
        return values?.length === 1 ? values[0] : values;
      };
    case "multivalueheader":
      return (exchange) => namedHeaders(exchange.headers, name).join(",");
    default:
      return (exchange) => namedHeaders(exchange.headers, name).at(-1);
  }
}

/**
 * "Header names … are processed in a case-sensitive way" (important notes). A name all in lower case, which HTTP/2 requires,
 * matches the declared name too.
 */
export function namedHeaders(headers: RawHeaders, name: string): string[] {
  const lower = name.toLowerCase();
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const sent = headers[i];
    if (sent === name || sent === lower) values.push(headers[i + 1] as string);
  }
  return values;
}

function contextText(exchange: Exchange, path: readonly string[]): string | undefined {
  const value = at(requestContext(exchange), path);
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}

function bodyText(body: Buffer | undefined): string {
  const text = body?.toString("utf8").trim() ?? "";
  if (text !== "") parseBody(text);
  return text === "" ? "{}" : text;
}

function bodyValue(body: Buffer | undefined, path: string): string | undefined {
  const value = evaluateJsonPath(parseBody(body?.toString("utf8").trim() ?? ""), path);
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? toJson(value) : String(value);
}

/** "REST APIs decode URL-encoded request parameters before passing them to backend integrations" (important notes). */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Parses only what looks like JSON; invalid JSON is a 400. */
function parseBody(text: string): unknown {
  if (!/^[[{"']/.test(text)) return new Map();
  try {
    return parseJson(text);
  } catch {
    throw new GatewayError("DEFAULT_4XX", "", { message: "Invalid JSON in request body" });
  }
}

/** Source of a method response header, from the backend's response. */
export type ResponseSource = (exchange: Exchange, headers: RawHeaders, body: Buffer) => string | undefined;

/** Compiles one entry of `responseParameters` (guide: "Map integration response data to method response headers"). */
export function compileResponseSource(source: string): ResponseSource {
  const header = /^integration\.response\.(multivalueheader|header)\.(.+)$/.exec(source);
  if (header) {
    const lower = (header[2] as string).toLowerCase();
    return header[1] === "header"
      ? (_, headers) => headerValues(headers, lower).at(-1)
      : (_, headers) => headerValues(headers, lower).join(",") || undefined;
  }
  if (source === "integration.response.body") return (_, __, body) => backendJson(() => bodyText(body));
  if (source.startsWith("integration.response.body.")) {
    const path = `$.${source.slice("integration.response.body.".length)}`;
    return (_, __, body) => backendJson(() => bodyValue(body, path));
  }
  const read = compileSource(source);
  return (exchange) => {
    const value = read(exchange, undefined);
    return Array.isArray(value) ? value.join(",") : value;
  };
}

/** Invalid JSON from a backend is not the client's fault. */
function backendJson<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof GatewayError && error.type === "DEFAULT_4XX"
      ? new GatewayError("DEFAULT_5XX", "Invalid JSON in the integration response")
      : error;
  }
}
