import { isObject, type JsonObject, objectAt, type Path, prop, put, stringAt } from "../../lib/json";
import type { Resolved } from "../document";
import { NO_RESPONSES, operationName, type Parameter } from "../operations";
import type { Recorder } from "../recorder";
import { CONTENT_TYPE, PARAMETER_NAME, PARAMETER_TYPES, STATUS_CODE } from "../rest-api/constraints";
import { textOf } from "../rest-api/integration";
import type { Models } from "./models";
import type { PlacedOperation } from "./resources";

const JSON_TYPE = /^[\w.-]+\/([\w.-]+\+)?json\b/i;
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const IN_SPEC = { query: true, header: true, path: true } as Record<string, true | undefined>;

/** The keys that the import reads; everything else is left out and reported. */
const PARAMETER_KEYS: ReadonlySet<string> = new Set(["name", "in", "required", "description", "schema"]);
const BODY_KEYS: ReadonlySet<string> = new Set(["description", "required", "content"]);
const RESPONSE_KEYS: ReadonlySet<string> = new Set(["description", "headers", "content", "links"]);
const MEDIA_KEYS: ReadonlySet<string> = new Set(["schema"]);

/**
 * Makes the parts of a method that describe requests and responses, and records what API Gateway would refuse or
 * ignore of them. Parts that several operations share are recorded once.
 */
export class Methods {
  readonly #operationIds = new Map<string, string>();
  readonly #seen = new Set<unknown>();
  readonly #responses = new Map<unknown, JsonObject>();
  readonly #bodies = new Map<unknown, JsonObject | undefined>();

  constructor(
    private readonly record: Recorder,
    /** Undefined when the definition has no models */
    private readonly models: Models | undefined,
    private readonly validatesBody: boolean,
  ) {}

  describe(placed: PlacedOperation): JsonObject {
    const { value, path } = placed.operation;
    const method: JsonObject = {};
    for (const key of Object.keys(value)) this.#key(method, key, value[key], [...path, key], placed);
    const parameters = this.#parameters(placed);
    if (parameters.length > 0) method.parameters = parameters;
    const requestBody = this.#body(placed);
    if (requestBody) method.requestBody = requestBody;
    method.responses = this.#responsesOf(placed);
    return method;
  }

  #key(method: JsonObject, key: string, value: unknown, path: Path, { operation }: PlacedOperation): void {
    const name = operationName(operation);
    switch (key) {
      case "parameters":
      case "requestBody":
      case "responses":
      case "security":
        return;
      case "operationId":
        this.#operationId(method, textOf(value), path, name);
        return;
      case "summary":
      case "description":
      case "tags":
        method[key] = value;
        return;
      case "callbacks":
        this.record.add("callbacks", path, name);
        return;
      default:
        if (key.startsWith("x-amazon-apigateway-")) this.record.compiling("aws-extension", path, name, key);
        this.record.compiling("operation-key", path, key);
    }
  }

  #operationId(method: JsonObject, id: string, path: Path, name: string): void {
    const first = this.#operationIds.get(id);
    if (first !== undefined) this.record.add("operation-id", path, first, name, id);
    else {
      this.#operationIds.set(id, name);
      method.operationId = id;
    }
  }

  #parameters({ operation, variables }: PlacedOperation): JsonObject[] {
    const owner = operationName(operation);
    const locations = new Map<string, string>();
    const kept = operation.parameters.filter((parameter) => {
      const { in: location, name, path } = parameter;
      if (!this.#isDeclarable(parameter)) return false;
      const other = locations.get(name);
      if (other !== undefined) this.record.add("parameter-unique", path, owner, name, location, other);
      // A path parameter gets another name, so that the first one beside it keeps its own.
      if (other === undefined || other === "path") locations.set(name, location);
      if (location === "path" && !variables.some(({ specName }) => isNamed(parameter, specName))) {
        this.record.add("unused-path-parameter", path, owner, name);
      }
      return location !== "path" && (other === undefined || other === "path");
    });
    const inPath = variables.map(({ specName, name }) => {
      const declared = operation.parameters.find(
        (parameter) => parameter.in === "path" && isNamed(parameter, specName),
      );
      if (!declared) this.record.add("undeclared-variable", operation.path, owner, specName);
      return plainParameter(name, "path", true, declared?.value);
    });
    return [
      ...inPath,
      ...kept.map(({ name, in: location, required, value }) =>
        plainParameter(name, location, required, value),
      ),
    ];
  }

  /** Whether API Gateway can have the parameter at all. */
  #isDeclarable({ name, in: location, value, path }: Parameter): boolean {
    const isNew = this.#isNew(value);
    if (location === "cookie") {
      if (isNew) this.record.add("cookie-parameter", path, name);
      return false;
    }
    if (!IN_SPEC[location]) {
      if (isNew) this.record.add("parameter-place", path, location, name);
      return false;
    }
    const isNamed = PARAMETER_NAME.test(name);
    // The name of a path parameter is the path's, and reported there.
    if (isNew && !isNamed && location !== "path") this.record.add("parameter-name", path, location, name);
    else if (isNew) this.#attributes(name, value, path);
    return isNamed || location === "path";
  }

  #attributes(name: string, value: JsonObject, path: Path): void {
    const schema = objectAt(value, "schema") ?? {};
    const ignored = [
      ...Object.keys(value).filter((key) => !PARAMETER_KEYS.has(key)),
      ...Object.keys(schema).filter((key) => key !== "type"),
    ];
    if (ignored.length > 0) {
      this.record.add("parameter-attributes", path, name, ignored.map((key) => `"${key}"`).join(", "));
    }
    if (!PARAMETER_TYPES.has(schema.type)) this.record.compiling("parameter-type", path, name);
  }

  #body({ operation: { value, path, ...operation } }: PlacedOperation): JsonObject | undefined {
    if (!Object.hasOwn(value, "requestBody")) return undefined;
    const bodyPath = [...path, "requestBody"];
    if (BODILESS.has(operation.method)) this.record.add("body-on-get", bodyPath, operationName(operation));
    const found = this.#resolve(value.requestBody, bodyPath);
    if (!found) return undefined;
    if (!this.#bodies.has(found.value)) this.#bodies.set(found.value, this.#bodyOf(found));
    return BODILESS.has(operation.method) ? undefined : this.#bodies.get(found.value);
  }

  #bodyOf(found: Resolved): JsonObject | undefined {
    this.#reportKeys("body-key", found, BODY_KEYS);
    const content = this.#content(found, true);
    if (!content) return undefined;
    const description = stringAt(found.value, "description");
    const required = prop(found.value, "required");
    return {
      ...(description !== undefined && { description }),
      content,
      ...(typeof required === "boolean" && { required }),
    };
  }

  #responsesOf({ operation: { value, path, ...operation } }: PlacedOperation): JsonObject {
    const name = operationName(operation);
    const declared = objectAt(value, "responses") ?? {};
    const responses: JsonObject = {};
    if (Object.keys(declared).length === 0) this.record.add("missing-responses", path, name);
    for (const key of Object.keys(declared)) {
      if (key.startsWith("x-")) continue;
      const responsePath = [...path, "responses", key];
      const status = this.#status(key, declared, responsePath, name);
      const found = this.#resolve(declared[key], responsePath);
      if (!found) continue;
      const parts = this.#responses.get(found.value) ?? this.#response(found);
      this.#responses.set(found.value, parts);
      const description = stringAt(found.value, "description") || `${status} response`;
      if (status !== undefined) responses[status] = { description, ...parts };
    }
    // A method without responses is imported with a warning, which `failOnWarnings` would make an error.
    return Object.keys(responses).length > 0 ? responses : NO_RESPONSES;
  }

  /** The status code that a response is written with; undefined when it is left out. */
  #status(key: string, declared: JsonObject, path: Path, name: string): string | undefined {
    if (STATUS_CODE.test(key)) return key;
    const range = /^([1-5])xx$/i.exec(key)?.[1];
    if (range === undefined && key !== "default") {
      this.record.add("response-status", path, name, key);
      return undefined;
    }
    this.record.add("response-range", path, name, key);
    const isOnly = Object.keys(declared).length === 1;
    const status = range !== undefined ? `${range}00` : isOnly ? "200" : undefined;
    return status === undefined || Object.hasOwn(declared, status) ? undefined : status;
  }

  /** Everything of a response but its description, which depends on the status code. */
  #response(found: Resolved): JsonObject {
    this.#reportKeys("response-key", found, RESPONSE_KEYS);
    if (Object.hasOwn(found.value as object, "links")) this.record.add("links", [...found.path, "links"]);
    const headers: JsonObject = {};
    for (const [name, header] of Object.entries(objectAt(found.value, "headers") ?? {})) {
      const path = [...found.path, "headers", name];
      if (!PARAMETER_NAME.test(name)) this.record.compiling("response-header-name", path, name);
      else {
        if (!isPlainHeader(header)) this.record.compiling("response-header", path, name);
        put(headers, name, { schema: { type: "string" } });
      }
    }
    const content = this.#content(found, false);
    return { ...(Object.keys(headers).length > 0 && { headers }), ...(content && { content }) };
  }

  #content(owner: Resolved, isRequest: boolean): JsonObject | undefined {
    const content: JsonObject = {};
    for (const [type, media] of Object.entries(objectAt(owner.value, "content") ?? {})) {
      const path = [...owner.path, "content", type];
      if (!this.models) {
        this.record.compiling("no-models", path, `The content type "${type}"`);
        continue;
      }
      if (isObject(media)) this.#reportKeys("media-key", { value: media, path }, MEDIA_KEYS);
      if (prop(media, "itemSchema") !== undefined) this.record.add("item-schema", path, type);
      const isComplete = CONTENT_TYPE.test(type);
      const isUnchecked = isRequest && this.validatesBody && !JSON_TYPE.test(type);
      if (!isComplete) this.record.add("media-type", path, type);
      else if (isUnchecked) this.record.compiling("unchecked-media-type", path, type);
      const schema = prop(media, "schema");
      const model = schema === undefined ? undefined : this.models.schema(schema, [...path, "schema"]);
      if (isComplete && !isUnchecked) put(content, type, isEmpty(model) ? {} : { schema: model });
    }
    return Object.keys(content).length > 0 ? content : undefined;
  }

  #reportKeys(
    rule: "body-key" | "response-key" | "media-key",
    owner: Resolved,
    kept: ReadonlySet<string>,
  ): void {
    for (const key of Object.keys(owner.value as JsonObject)) {
      if (!kept.has(key)) this.record.compiling(rule, [...owner.path, key], key);
    }
  }

  #resolve(value: unknown, path: Path): Resolved | undefined {
    // A part without a value is reported, and treated as {}.
    const found = this.record.document.resolve(value === null ? {} : value, path);
    return found && isObject(found.value) ? found : undefined;
  }

  #isNew(value: unknown): boolean {
    const isNew = !this.#seen.has(value);
    this.#seen.add(value);
    return isNew;
  }
}

/** Whether a path parameter belongs to a variable, whose name may have lost the characters that AWS refuses. */
function isNamed({ name }: Parameter, specName: string): boolean {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, "");
  return name === specName || plain === specName || name.split(":")[0] === specName;
}

/** "Only the following attributes are supported: name, in, required, type, description." (SOURCES.notes) */
export function plainParameter(
  name: string,
  location: string,
  required: boolean,
  from: JsonObject | undefined,
): JsonObject {
  const description = stringAt(from, "description");
  const type = prop(objectAt(from, "schema"), "type");
  return {
    name,
    in: location,
    required,
    ...(description !== undefined && { description }),
    schema: { type: PARAMETER_TYPES.has(type) ? type : "string" },
  };
}

function isEmpty(model: unknown): boolean {
  return !isObject(model) || Object.keys(model).length === 0;
}

function isPlainHeader(header: unknown): boolean {
  const schema = objectAt(header, "schema") ?? {};
  return (
    isObject(header) &&
    Object.keys(header).length === 1 &&
    prop(schema, "type") === "string" &&
    Object.keys(schema).length === 1
  );
}
