import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { asObject, at, type JsonObject, parsePointer } from "../../../lib/json";
import type { Integration } from "../../../offline/model/definition";

/** A response that a spec declares for an operation, with its example if it has one. */
export interface Example {
  status: number;
  content?: { type: string; body: string };
}

/**
 * Finds the response that the spec declares for a request to a backend; undefined for a request it does not have.
 * @param specFile the service's OpenAPI document with the examples
 * @param integrations the definition's integrations, which map backend paths to operations
 */
export function exampleFinder(
  specFile: string,
  integrations: Integration[],
): (method: string, path: string) => Example | undefined {
  const spec = parse(readFileSync(specFile, "utf8")) as JsonObject;
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

/** Matches the path of an integration's URI: `{x}` is one segment, `{x+}` the rest. */
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

function exampleOf(spec: JsonObject, path: string, method: string): Example | undefined {
  const responses = asObject(at(spec, ["paths", path, method, "responses"]));
  const codes = Object.keys(responses)
    .filter((code) => /^[1-5]\d\d$/.test(code))
    .sort();
  const code = codes.find((one) => one.startsWith("2")) ?? codes.find((one) => one.startsWith("3"));
  if (code === undefined) return undefined;
  const status = Number(code);
  const response = responses[code];
  for (const [contentType, media] of Object.entries(asObject(resolve(spec, response).content))) {
    const value = mediaExample(spec, asObject(media));
    if (value === undefined) continue;
    const body = typeof value === "string" && !/json/.test(contentType) ? value : JSON.stringify(value);
    return { status, content: { type: contentType, body } };
  }
  return { status };
}

function mediaExample(spec: JsonObject, media: JsonObject): unknown {
  const [named] = Object.values(asObject(media.examples));
  return media.example ?? resolve(spec, named).value ?? schemaExample(spec, media.schema, 0);
}

/** The schema's example; failing that, one composed of its parts' examples. */
function schemaExample(spec: JsonObject, given: unknown, depth: number): unknown {
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
  const properties = Object.entries(asObject(schema.properties))
    .map(([name, property]) => [name, schemaExample(spec, property, depth + 1)] as const)
    .filter(([, value]) => value !== undefined);
  return properties.length > 0 ? Object.fromEntries(properties) : undefined;
}

/** Follows the spec's internal references, `#/…`. */
function resolve(spec: JsonObject, value: unknown): JsonObject {
  let found = asObject(value);
  for (let hops = 0; typeof found.$ref === "string" && hops < 10; hops++) {
    const path = found.$ref.startsWith("#") ? parsePointer(found.$ref) : undefined;
    if (!path) break;
    found = asObject(at(spec, path));
  }
  return found;
}
