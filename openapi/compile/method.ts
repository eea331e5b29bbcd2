import { isObject, type JsonObject, own, ownObject, ownString, type Path, put } from "../../lib/json";
import type { Resolved } from "../document";
import { operationName, type Parameter } from "../operations";
import type { Context } from "./context";
import type { Models } from "./models";
import type { PlacedOperation } from "./resources";

/** "Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$" (floci-io/floci#3549) */
export const PARAMETER_NAME = /^[a-zA-Z0-9:._$-]+$/;
export const PARAMETER_TYPES: ReadonlySet<unknown> = new Set(["string", "integer", "number", "boolean"]);
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/;
const JSON_TYPE = /^[\w.-]+\/([\w.-]+\+)?json\b/i;
const BODILESS = new Set(["GET", "HEAD"]);

/** What API Gateway's export writes for a response that says nothing */
export const NO_RESPONSES: JsonObject = { "200": { description: "200 response" } };

/** Makes the parts of a method that describe requests and responses. */
export class Methods {
  readonly #operationIds = new Set<string>();

  constructor(
    private readonly context: Context,
    /** Undefined when the definition has no models */
    private readonly models: Models | undefined,
    private readonly validatesBody: boolean,
  ) {}

  describe(placed: PlacedOperation): JsonObject {
    const { value, path } = placed.operation;
    const method: JsonObject = {};
    for (const key of Object.keys(value)) this.#key(method, key, value[key], path, placed);
    const parameters = this.#parameters(placed);
    if (parameters.length > 0) method.parameters = parameters;
    const requestBody = this.#body(placed);
    if (requestBody) method.requestBody = requestBody;
    method.responses = this.#responses(placed);
    return method;
  }

  #key(method: JsonObject, key: string, value: unknown, owner: Path, placed: PlacedOperation): void {
    switch (key) {
      case "parameters":
      case "requestBody":
      case "responses":
      case "security":
        return;
      case "operationId": {
        const id = String(value);
        if (!this.#operationIds.has(id)) method.operationId = id;
        else
          this.context.change(
            "operation-id",
            [...owner, key],
            `The second operationId "${id}" is left out`,
            "It has to be unique",
          );
        this.#operationIds.add(id);
        return;
      }
      case "summary":
      case "description":
      case "tags":
        method[key] = value;
        return;
      default: {
        const path = [...owner, key];
        if (key.startsWith("x-amazon-apigateway-")) {
          const message = `${operationName(placed.operation)} has its own ${key}; a spec is plain and the gateway's part stands in the settings. Remove it, or start from \`spec adopt\`.`;
          this.context.finding("warning", "aws-extension", path, message);
        }
        this.context.change("operation-key", path, `"${key}" is left out`, "API Gateway has no such thing");
      }
    }
  }

  #parameters(placed: PlacedOperation): JsonObject[] {
    const declared = placed.operation.parameters.filter((parameter) => parameter.in !== "path");
    const names = new Set(placed.variables.map(({ name }) => name));
    const kept = declared.filter((parameter) => {
      const reason = this.#refusal(parameter, names);
      if (reason === undefined) names.add(parameter.name);
      else
        this.context.change(
          reason.rule,
          parameter.path,
          `The ${parameter.in} parameter "${parameter.name}" is not declared`,
          reason.why,
        );
      return reason === undefined;
    });
    const inPath = placed.variables.map((variable) => {
      const own = placed.operation.parameters.find(
        ({ in: place, name }) => place === "path" && name === variable.own,
      );
      return plainParameter(variable.name, "path", true, own?.value);
    });
    return [
      ...inPath,
      ...kept.map(({ name, in: place, required, value }) => plainParameter(name, place, required, value)),
    ];
  }

  #refusal(parameter: Parameter, names: ReadonlySet<string>): { rule: string; why: string } | undefined {
    if (parameter.in === "cookie") {
      return {
        rule: "cookie-parameter",
        why: "API Gateway knows no cookie parameters; the Cookie header reaches the backend",
      };
    }
    if (parameter.in !== "query" && parameter.in !== "header") {
      return { rule: "parameter-place", why: "A parameter is in path, query, header or cookie" };
    }
    if (!PARAMETER_NAME.test(parameter.name)) {
      return {
        rule: "parameter-name",
        why: "AWS takes only names of letters, digits and : . _ $ -; the parameter reaches the backend all the same",
      };
    }
    if (names.has(parameter.name)) {
      return {
        rule: "parameter-unique",
        why: "AWS wants names unique over query, header and path; the parameter reaches the backend all the same",
      };
    }
    return undefined;
  }

  #body(placed: PlacedOperation): JsonObject | undefined {
    const { value, path, method } = placed.operation;
    if (!Object.hasOwn(value, "requestBody")) return undefined;
    if (BODILESS.has(method)) {
      this.context.change(
        "body-on-get",
        [...path, "requestBody"],
        `The body of a ${method} is left out`,
        "API Gateway takes no model for it",
      );
      return undefined;
    }
    const found = this.context.document.resolve(value.requestBody, [...path, "requestBody"]);
    if (!found || !isObject(found.value) || !this.models) return undefined;
    const content = this.#content(found, true);
    if (!content) return undefined;
    const description = ownString(found.value, "description");
    const required = own(found.value, "required");
    return {
      ...(description !== undefined && { description }),
      content,
      ...(typeof required === "boolean" && { required }),
    };
  }

  #responses(placed: PlacedOperation): JsonObject {
    const { value, path } = placed.operation;
    const declared = ownObject(value, "responses") ?? {};
    const responses: JsonObject = {};
    for (const key of Object.keys(declared)) {
      const place = [...path, "responses", key];
      const found = this.context.document.resolve(declared[key], place);
      if (key.startsWith("x-") || !found || !isObject(found.value)) continue;
      const status = this.#status(key, declared, place);
      if (status !== undefined) responses[status] = this.#response(found, status);
    }
    // A method without responses is imported with a warning, which `failOnWarnings` would make an error.
    return Object.keys(responses).length > 0 ? responses : NO_RESPONSES;
  }

  #status(key: string, declared: JsonObject, path: Path): string | undefined {
    if (/^[1-5]\d\d$/.test(key)) return key;
    const why = "A method response has a status of three digits; a proxy integration passes every answer on";
    const first =
      key === "default"
        ? Object.keys(declared).length === 1
          ? "200"
          : undefined
        : /^[1-5](?=xx$)/i.exec(key)?.[0];
    const status = first !== undefined && first.length === 1 ? `${first}00` : first;
    if (status === undefined || Object.hasOwn(declared, status)) {
      this.context.change("response-range", path, `The response "${key}" is left out`, why);
      return undefined;
    }
    this.context.change("response-range", path, `The response "${key}" is declared as ${status}`, why);
    return status;
  }

  #response(found: Resolved, status: string): JsonObject {
    const response: JsonObject = {
      description: ownString(found.value, "description") || `${status} response`,
    };
    const headers: JsonObject = {};
    for (const name of Object.keys(ownObject(found.value, "headers") ?? {})) {
      if (PARAMETER_NAME.test(name)) put(headers, name, { schema: { type: "string" } });
    }
    if (Object.keys(headers).length > 0) response.headers = headers;
    const content = this.models && this.#content(found, false);
    if (content) response.content = content;
    return response;
  }

  #content(owner: Resolved, request: boolean): JsonObject | undefined {
    const declared = ownObject(owner.value, "content");
    if (!declared) return undefined;
    const content: JsonObject = {};
    for (const type of Object.keys(declared)) {
      const path = [...owner.path, "content", type];
      if (!CONTENT_TYPE.test(type) || (request && this.validatesBody && !JSON_TYPE.test(type))) {
        this.context.change(
          "media-type",
          path,
          `The content type "${type}" is left out`,
          "A model belongs to one full content type; this one is not checked",
        );
        continue;
      }
      const schema = own(declared[type], "schema");
      const model = schema === undefined ? undefined : this.models?.schema(schema, [...path, "schema"]);
      content[type] = isObject(model) && Object.keys(model).length > 0 ? { schema: model } : {};
    }
    return Object.keys(content).length > 0 ? content : undefined;
  }
}

/** "Only the following attributes are supported: name, in, required, type, description." */
function plainParameter(
  name: string,
  place: string,
  required: boolean,
  from: JsonObject | undefined,
): JsonObject {
  const description = ownString(from, "description");
  const type = own(ownObject(from, "schema"), "type");
  return {
    name,
    in: place,
    required,
    ...(description !== undefined && { description }),
    schema: { type: PARAMETER_TYPES.has(type) ? type : "string" },
  };
}
