import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { singleValues } from "../headers";
import { requestContext } from "../request-context";
import { type JavaMap, javaString, javaValue, toJson } from "./java-values";
import { parseJson } from "./json";
import { evaluateJsonPath } from "./json-path";
import { emptyOverrides, type Overrides } from "./overrides";
import { decoded, namedHeaders } from "./parameters";
import { compileTemplate } from "./velocity";
import { HostObject, OnceMap } from "./velocity-values";

/** A body mapping template, compiled at start. An invalid one fails when it is used, as on AWS. */
export interface MappingTemplate {
  /** @throws GatewayError DEFAULT_5XX when rendering fails */
  render(exchange: Exchange, body: string): string;
}

export function compileMappingTemplate(source: string): MappingTemplate {
  const compiled = compileOrFail(source);
  return {
    render(exchange, body) {
      exchange.overrides ??= emptyOverrides();
      try {
        return compiled().render(
          new Map<string, unknown>([
            ["input", input(exchange, body)],
            ["context", contextOf(exchange, exchange.overrides)],
            ["stageVariables", javaValue(exchange.stageVariables)],
            ["util", util],
          ]),
        );
      } catch (error) {
        throw new GatewayError("DEFAULT_5XX", `mapping template: ${(error as Error).message}`);
      }
    },
  };
}

function compileOrFail(source: string): () => ReturnType<typeof compileTemplate> {
  try {
    const template = compileTemplate(source);
    return () => template;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function contextOf(exchange: Exchange, { request, response }: Overrides): JavaMap {
  const context = javaValue(requestContext(exchange)) as JavaMap;
  context.set(
    "requestOverride",
    new Map(Object.entries(request).map(([name, entries]) => [name, new OnceMap(entries)])),
  );
  const header = new OnceMap(response.get("header") as JavaMap);
  context.set("responseOverride", new OnceMap(response, new Map([["header", header]])));
  return context;
}

/** `$input` (guide: "$input variables"). An empty payload is `{}` (recorded: test_input_body_formatting). */
function input(exchange: Exchange, body: string): HostObject {
  let json: { value: unknown } | undefined;
  const parsed = (): unknown => {
    json ??= { value: parseOrUndefined(body) };
    return json.value;
  };
  const text = (): string => (body === "" ? "{}" : body);
  return new HostObject(
    {
      json: (path) => {
        if (path === undefined || path === "$") return parsed() === undefined ? '""' : compact(body);
        return toJson(evaluateJsonPath(parsed(), javaString(path)) ?? "");
      },
      path: (path) => evaluateJsonPath(parsed(), path === undefined ? "$" : javaString(path)) ?? undefined,
      params: (name) =>
        name === undefined ? allParameters(exchange) : parameter(exchange, javaString(name)),
      body: text,
    },
    { body: text },
  );
}

/** JSON without white space between its tokens; numbers stay as they were written. */
const compact = (json: string): string => json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");

function parseOrUndefined(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** Searched in path, query string and headers, in that order. */
function parameter(exchange: Exchange, name: string): unknown {
  const path = exchange.pathParameter(name);
  if (path !== undefined) return decoded(path);
  return exchange.query.get(name) ?? namedHeaders(exchange.headers, name).at(-1) ?? "";
}

function allParameters(exchange: Exchange): unknown {
  return javaValue({
    path: Object.fromEntries(
      Object.entries(exchange.pathParameters).map(([name, value]) => [name, decoded(value)]),
    ),
    querystring: exchange.query.single(),
    header: singleValues(exchange.headers),
  });
}

/** `$util` (guide: "$util variables"). */
const util = new HostObject({
  escapeJavaScript: (value) => escapeJavaScript(javaString(value)),
  parseJson: (value) => parseJson(javaString(value)),
  urlEncode: (value) =>
    encodeURIComponent(javaString(value))
      .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+"),
  urlDecode: (value) => decoded(javaString(value).replaceAll("+", " ")),
  base64Encode: (value) => Buffer.from(javaString(value), "utf8").toString("base64"),
  base64Decode: (value) => Buffer.from(decoded(javaString(value)), "base64").toString("utf8"),
});

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
  "/": "\\/",
};

/** Like Java's escapeJavaScript: quotes of both kinds, backslash, slash, control characters and everything beyond ASCII. */
function escapeJavaScript(text: string): string {
  return text.replace(
    /["'\\/]|[^ -~]/g,
    (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
