import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Integration } from "../../../offline/model/definition";

type Loose = Record<string, unknown>;

/** An answer that a spec gives as example. */
export interface Example {
  status: number;
  contentType: string;
  body: string;
}

/**
 * Finds the spec's example for what arrives at a backend.
 * @param specFile the service's own OpenAPI document, where the examples are
 * @param integrations the definition's, which say which operation a backend path belongs to
 */
export function exampleFinder(
  specFile: string,
  integrations: Integration[],
): (method: string, path: string) => Example | undefined {
  const spec = parse(readFileSync(specFile, "utf8")) as Loose;
  const routes = integrations
    .filter(({ connectionId }) => connectionId !== undefined)
    .map(({ method, path, uri }) => ({ method, path, ...matcher(uri) }))
    .sort((one, other) => one.variables - other.variables);
  return (method, path) => {
    const route = routes.find(
      (one) => (one.method === method || one.method === "ANY") && one.pattern.test(path),
    );
    return route && exampleOf(spec, route.path, method.toLowerCase());
  };
}

/** The backend path of an integration's URI: `{x}` is one segment, `{x+}` the rest. */
function matcher(uri: string): { pattern: RegExp; variables: number } {
  const path = uri.replace(/^https?:\/\/[^/]*/, "").replace(/\?.*$/, "") || "/";
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return part.endsWith("+}") ? ".*" : "[^/]+";
    })
    .join("");
  return { pattern: new RegExp(`^${source}$`), variables: (path.match(/\{/g) ?? []).length };
}

function exampleOf(spec: Loose, path: string, method: string): Example | undefined {
  const responses = object(object(object(object(spec.paths)[path])[method]).responses);
  const [status, response] =
    Object.entries(responses)
      .filter(([code]) => /^2\d\d$/.test(code))
      .sort()[0] ?? [];
  if (status === undefined) return undefined;
  for (const [contentType, media] of Object.entries(object(resolve(spec, response).content))) {
    const value = mediaExample(spec, object(media));
    if (value === undefined) continue;
    const body = typeof value === "string" && !/json/.test(contentType) ? value : JSON.stringify(value);
    return { status: Number(status), contentType, body };
  }
  return undefined;
}

function mediaExample(spec: Loose, media: Loose): unknown {
  const [named] = Object.values(object(media.examples));
  return media.example ?? resolve(spec, named).value ?? schemaExample(spec, media.schema, 0);
}

/** The schema's own example, else one put together from its parts, as far as these have examples. */
function schemaExample(spec: Loose, given: unknown, depth: number): unknown {
  const schema = resolve(spec, given);
  if (schema.example !== undefined || depth > 6) return schema.example;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (Array.isArray(schema.allOf)) {
    const parts = schema.allOf
      .map((part) => schemaExample(spec, part, depth + 1))
      .filter((part) => part !== undefined);
    return parts.length > 0 ? Object.assign({}, ...parts) : undefined;
  }
  if (schema.items !== undefined) {
    const item = schemaExample(spec, schema.items, depth + 1);
    return item === undefined ? undefined : [item];
  }
  const properties = Object.entries(object(schema.properties))
    .map(([name, property]) => [name, schemaExample(spec, property, depth + 1)] as const)
    .filter(([, value]) => value !== undefined);
  return properties.length > 0 ? Object.fromEntries(properties) : undefined;
}

/** Follows `#/…` references of the spec itself. */
function resolve(spec: Loose, value: unknown): Loose {
  let found = object(value);
  for (let hops = 0; typeof found.$ref === "string" && found.$ref.startsWith("#/") && hops < 10; hops++) {
    const parts = found.$ref
      .slice(2)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    found = object(parts.reduce<unknown>((at, part) => object(at)[part], spec));
  }
  return found;
}

function object(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}
