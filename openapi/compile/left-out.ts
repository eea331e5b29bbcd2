import { isObject, type JsonObject, own, ownObject, type Path } from "../../lib/json";
import { pathItems, type Resolved, type SpecDocument } from "../document";
import { METHODS, type Operation, operationsOf, type Parameter } from "../operations";
import type { Context } from "./context";
import { PARAMETER_NAME, PARAMETER_TYPES } from "./method";

const INFO = new Set(["title", "description", "version"]);
const PATH_ITEM = new Set<string>([...METHODS, "parameters", "$ref"]);
const PARAMETER = new Set(["name", "in", "required", "description", "schema"]);
const BODY = new Set(["description", "required", "content"]);
const RESPONSE = new Set(["description", "headers", "content"]);
/** Keys of the root that the definition is made of; the rest says nothing to API Gateway. */
const ROOT = new Set(["openapi", "info", "paths", "components", "security"]);
const COMPONENTS = new Set(["schemas", "securitySchemes"]);

const NOT_THERE = "API Gateway has no such thing, or the stage decides it";
const ATTRIBUTES =
  "Of a parameter only name, in, required, type and description count; the backend checks the rest";

/**
 * Reports what a spec says and a definition has no place for, down to the attributes of parameters. What schemas lose
 * is reported where they are converted.
 */
export function reportLeftOut(context: Context): void {
  reportRoot(context);
  reportComponents(context);
  for (const [, item, path] of pathItems(context.document)) {
    reportKeys(context, item, PATH_ITEM, "path-key", path);
  }
  const parts = new Parts(context);
  for (const operation of operationsOf(context.document)) parts.of(operation);
}

function reportRoot(context: Context): void {
  const { root } = context.document;
  if (root.openapi !== "3.0.1") {
    const what = `OpenAPI ${root.openapi} is written as 3.0.1`;
    context.change("openapi-version", ["openapi"], what, "AWS imports OpenAPI 3.0, and writes 3.0.1 itself");
  }
  reportKeys(context, root, ROOT, "root-key", []);
  reportKeys(context, ownObject(root, "info") ?? {}, INFO, "info-key", ["info"]);
  if (Array.isArray(root.security)) {
    const why = "The definition says it at each operation, as the access that was decided";
    context.change("root-security", ["security"], "The security of the root is left out", why);
  }
}

function reportComponents(context: Context): void {
  const components = ownObject(context.document.root, "components") ?? {};
  for (const key of Object.keys(components)) {
    if (COMPONENTS.has(key)) continue;
    const why = "Its parts stand where they are used; API Gateway keeps schemas only";
    context.change("component-section", ["components", key], `components/${key} is left out`, why);
  }
  if (context.settings.models === false && Object.hasOwn(components, "schemas")) {
    const why = "The settings say `models: false`";
    context.change("component-section", ["components", "schemas"], "components/schemas is left out", why);
  }
  for (const name of Object.keys(ownObject(components, "securitySchemes") ?? {})) {
    if (Object.hasOwn(context.settings.authorizers ?? {}, name)) continue;
    const what = `The security scheme "${name}" is left out`;
    const why = "The gateway's own authorizers take its place";
    context.change("security-scheme", ["components", "securitySchemes", name], what, why);
  }
}

/** One change for every key that is not among `kept`. */
function reportKeys(
  context: Context,
  owner: JsonObject,
  kept: ReadonlySet<string>,
  rule: string,
  path: Path,
): void {
  for (const key of Object.keys(owner)) {
    if (!kept.has(key)) context.change(rule, [...path, key], `"${key}" is left out`, NOT_THERE);
  }
}

/** Parameters, bodies and responses; those that several operations share are reported once. */
class Parts {
  readonly #seen = new Set<unknown>();
  readonly #document: SpecDocument;

  constructor(private readonly context: Context) {
    this.#document = context.document;
  }

  of({ value, path, method, parameters }: Operation): void {
    if (method === "TRACE") return;
    for (const parameter of parameters) if (this.#isNew(parameter.value)) this.#parameter(parameter);
    const body = this.#part(value.requestBody, [...path, "requestBody"]);
    if (body && method !== "GET" && method !== "HEAD") {
      reportKeys(this.context, body.value as JsonObject, BODY, "body-key", body.path);
      this.#content(body);
    }
    const responses = ownObject(value, "responses") ?? {};
    if (Object.keys(responses).length === 0) {
      const why = "AWS warns of a method without responses; a proxy integration passes every answer on";
      this.context.change("missing-responses", path, "The response 200 is added", why);
    }
    for (const [status, declared] of Object.entries(responses)) {
      const response = this.#part(declared, [...path, "responses", status]);
      if (response) this.#response(response);
    }
  }

  #parameter({ name, in: place, value, path }: Parameter): void {
    if (place === "cookie" || !PARAMETER_NAME.test(name)) return;
    const schema = ownObject(value, "schema") ?? {};
    const attributes = [
      ...Object.keys(value).filter((key) => !PARAMETER.has(key)),
      ...Object.keys(schema).filter((key) => key !== "type"),
    ];
    if (attributes.length > 0) {
      const list = attributes.map((key) => `"${key}"`).join(", ");
      const what = `Of the parameter "${name}" ${list} ${attributes.length > 1 ? "are" : "is"} left out`;
      this.context.change("parameter-attributes", path, what, ATTRIBUTES);
    }
    if (PARAMETER_TYPES.has(schema.type)) return;
    const what = `The parameter "${name}" is declared as a string`;
    this.context.change("parameter-type", path, what, "A parameter has one simple type");
  }

  #response(response: Resolved): void {
    reportKeys(this.context, response.value as JsonObject, RESPONSE, "response-key", response.path);
    for (const [name, header] of Object.entries(ownObject(response.value, "headers") ?? {})) {
      const path = [...response.path, "headers", name];
      if (!PARAMETER_NAME.test(name)) {
        this.context.change(
          "response-header",
          path,
          `The header "${name}" is left out`,
          "AWS refuses the name",
        );
      } else if (!isPlainHeader(header)) {
        const what = `Of the header "${name}" only the name is kept`;
        this.context.change("response-header", path, what, "A method response knows names of headers only");
      }
    }
    this.#content(response);
  }

  #content(owner: Resolved): void {
    for (const [type, media] of Object.entries(ownObject(owner.value, "content") ?? {})) {
      const path = [...owner.path, "content", type];
      if (this.context.settings.models === false) {
        const what = `The content type "${type}" is left out`;
        this.context.change("media-type", path, what, "The settings say `models: false`");
      } else if (isObject(media)) {
        reportKeys(this.context, media, new Set(["schema"]), "media-key", path);
      }
    }
  }

  #part(value: unknown, path: Path): Resolved | undefined {
    if (value === undefined) return undefined;
    const found = this.#document.resolve(value, path);
    return found && isObject(found.value) && this.#isNew(found.value) ? found : undefined;
  }

  #isNew(value: unknown): boolean {
    const fresh = !this.#seen.has(value);
    this.#seen.add(value);
    return fresh;
  }
}

function isPlainHeader(header: unknown): boolean {
  const schema = ownObject(header, "schema") ?? {};
  return (
    isObject(header) &&
    Object.keys(header).length === 1 &&
    own(schema, "type") === "string" &&
    Object.keys(schema).length === 1
  );
}
