import { LITERAL_SEGMENT, VARIABLE_SEGMENT } from "./constraints";

/** The paths of an API, taken apart as API Gateway does. */

export interface Segment {
  readonly text: string;
  readonly kind: "literal" | "variable" | "greedy" | "invalid";
  /** The variable's name; of an invalid segment, the name that was probably meant */
  readonly name?: string;
}

export interface PathTemplate {
  segments: readonly Segment[];
  /** `/a/`: API Gateway makes the resource /a of it */
  trailingSlash: boolean;
}

export function parsePath(template: string): PathTemplate {
  const parts = template.split("/");
  if (parts[0] === "") parts.shift();
  const trailingSlash = parts.length > 1 && parts.at(-1) === "";
  if (parts.at(-1) === "") parts.pop();
  return { segments: parts.map(parseSegment), trailingSlash };
}

function parseSegment(text: string): Segment {
  if (LITERAL_SEGMENT.test(text)) return { text, kind: "literal" };
  const variable = VARIABLE_SEGMENT.exec(text);
  if (variable) return { text, kind: variable[2] ? "greedy" : "variable", name: variable[1] };
  return { text, kind: "invalid", name: nameMeant(text) };
}

/** `{id:[0-9]+}` (a router's pattern) is called `id`; of `{an id}`, the allowed characters are kept. */
function nameMeant(text: string): string | undefined {
  const inner = /^\{([^{}]*)\}$/.exec(text)?.[1] ?? /^\{([^{}:]+):.*\}$/.exec(text)?.[1];
  const [beforePattern = ""] = (inner ?? "").split(":");
  return (beforePattern || inner)?.replaceAll(/[^A-Za-z0-9._-]+/g, "") || undefined;
}

/** The path without the names of its variables: two paths of one shape are one resource. */
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
  return parsePath(template).segments.flatMap(({ kind, name }) =>
    name === undefined || kind === "invalid" ? [] : [name],
  );
}

/** `{name+}` as a backend's URL has it: `{name}` */
export function withoutGreedy(path: string): string {
  return path.replaceAll("+}", "}");
}
