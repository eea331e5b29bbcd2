/** The paths of an API as API Gateway takes them apart. */

export interface Segment {
  readonly text: string;
  kind: "literal" | "variable" | "greedy" | "invalid";
  /** The variable's name */
  name?: string;
}

export interface PathTemplate {
  segments: readonly Segment[];
  /** `/a/`: API Gateway makes the resource /a of it */
  trailingSlash: boolean;
}

/**
 * The characters of a path segment. "Path segments can only contain alphanumeric characters, underscores, hyphens,
 * periods, commas, colons, and curly braces. Path parameters must be separate path segments."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const LITERAL = /^[A-Za-z0-9._\-,:]+$/;
/** A name that `method.request.path.NAME` can carry */
const VARIABLE = /^\{([A-Za-z0-9._\-:$]+)(\+)?\}$/;

/** Every step asks for the same few thousand paths again and again. */
const PARSED = new Map<string, PathTemplate>();

export function parsePath(template: string): PathTemplate {
  let parsed = PARSED.get(template);
  if (!parsed) {
    if (PARSED.size > 20_000) PARSED.clear();
    parsed = parse(template);
    PARSED.set(template, parsed);
  }
  return parsed;
}

function parse(template: string): PathTemplate {
  const parts = template.split("/");
  if (parts[0] === "") parts.shift();
  const trailingSlash = parts.length > 1 && parts.at(-1) === "";
  if (parts.at(-1) === "") parts.pop();
  return { segments: parts.map(parseSegment), trailingSlash };
}

function parseSegment(text: string): Segment {
  const variable = VARIABLE.exec(text);
  if (variable) return { text, kind: variable[2] ? "greedy" : "variable", name: variable[1] };
  return { text, kind: LITERAL.test(text) ? "literal" : "invalid" };
}

/** The path with every variable's name taken out: two paths of one shape are one resource. */
export function shapeOf(template: string): string {
  return pathOf(
    parsePath(template).segments.map(({ text, kind }) =>
      kind === "variable" ? "{}" : kind === "greedy" ? "{+}" : text.replaceAll(/\{[^}]*\}/g, "{}"),
    ),
  );
}

export function pathOf(parts: readonly string[]): string {
  return `/${parts.join("/")}`;
}

export function variablesOf(template: string): string[] {
  return parsePath(template).segments.flatMap(({ name }) => (name === undefined ? [] : [name]));
}
